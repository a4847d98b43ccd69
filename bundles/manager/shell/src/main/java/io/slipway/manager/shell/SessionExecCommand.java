package io.slipway.manager.shell;

import io.slipway.agent.api.ConsoleRecord;
import io.slipway.agent.api.ConsoleRecord.Kind;
import io.slipway.agent.api.ExecuteReply;
import io.slipway.lib.shell.CommandFailure;
import io.slipway.lib.shell.Printer;
import io.slipway.manager.api.ExecutionService;
import io.slipway.manager.api.ExecutionService.Run;
import io.slipway.manager.api.ExecutionService.Step;
import io.slipway.manager.api.SessionService;
import io.slipway.model.identity.AccessKey;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Runs code in a session and shows its output while it runs. */
@Service
@Command(scope = "slipway", name = "session-exec", description = "Runs code in a session")
public final class SessionExecCommand extends OwnedCommand {

    private static final Duration FLUSH = Duration.ofMillis(500);

    @Argument(index = 0, name = "session", description = "Name or id")
    @Completion(SessionCompleter.class)
    String reference;

    @Argument(index = 1, name = "code", description = "The code", multiValued = true)
    List<String> code;

    @Reference
    SessionService sessions;

    @Reference
    ExecutionService execution;

    private final List<ConsoleRecord> console = new ArrayList<>();

    @Override
    protected void run(Printer printer) throws CommandFailure, IOException {
        var target = SessionRef.find(sessions, this, reference);
        var id = target.id().toString();
        var reply = step(target.owner(), id, new Run(null, Step.QUERY, only(code)), printer);
        while (reply.status() != ExecuteReply.Status.FINISHED && reply.status() != ExecuteReply.Status.EXEC_TIMEOUT) {
            var next = reply.status() == ExecuteReply.Status.WAITING_INPUT
                    ? new Run(reply.runId(), Step.INPUT, readLine(reply.isPassword()))
                    : new Run(reply.runId(), Step.CONTINUE, "");
            reply = step(target.owner(), id, next, printer);
        }
        if (reply.exitCode() == null || reply.exitCode() != 0) {
            throw new CommandFailure("The code ended with exit code " + reply.exitCode(), view(reply));
        }
        if (printer.isJson()) {
            printer.lines(view(reply), List.of());
        }
    }

    private ExecuteReply step(AccessKey owner, String session, Run run, Printer printer) {
        var reply = execution.execute(owner, session, run, FLUSH);
        if (printer.isJson()) {
            console.addAll(reply.console());
        } else {
            reply.console().forEach(piece -> printer.text("text", piece.text()));
        }
        return reply;
    }

    private Map<String, Object> view(ExecuteReply reply) {
        var exitCode = reply.exitCode();
        return Map.of(
                "status",
                reply.status().name(),
                "exitCode",
                exitCode == null ? -1 : exitCode,
                "stdout",
                text(Kind.STDOUT),
                "stderr",
                text(Kind.STDERR));
    }

    private String text(Kind kind) {
        return console.stream()
                .filter(piece -> piece.kind() == kind)
                .map(ConsoleRecord::text)
                .collect(Collectors.joining());
    }

    private String readLine(boolean isPassword) throws IOException {
        return session().readLine("", isPassword ? '*' : null);
    }
}
