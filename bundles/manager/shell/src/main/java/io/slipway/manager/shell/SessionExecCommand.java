package io.slipway.manager.shell;

import io.slipway.agent.api.ExecuteReply;
import io.slipway.manager.api.ExecutionService;
import io.slipway.manager.api.ExecutionService.Run;
import io.slipway.manager.api.ExecutionService.Step;
import io.slipway.manager.api.SessionService;
import java.time.Duration;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;

/** Runs code in a session and shows its output while it runs. */
@Service
@Command(scope = "slipway", name = "session-exec", description = "Runs code in a session")
public final class SessionExecCommand extends OwnedCommand {

    private static final Duration FLUSH = Duration.ofMillis(500);

    @Argument(index = 0, name = "session", description = "Name or id", required = true)
    @Completion(SessionCompleter.class)
    String reference;

    @Argument(index = 1, name = "code", description = "The code", required = true)
    String code;

    @Reference
    SessionService sessions;

    @Reference
    ExecutionService execution;

    @Override
    void run(Printer printer) throws Exception {
        var target = SessionRef.find(sessions, this, reference);
        var reply = step(target.owner(), target.id().toString(), new Run(null, Step.QUERY, code), printer);
        while (reply.status() != ExecuteReply.Status.FINISHED && reply.status() != ExecuteReply.Status.EXEC_TIMEOUT) {
            var next = reply.status() == ExecuteReply.Status.WAITING_INPUT
                    ? new Run(reply.runId(), Step.INPUT, readLine(reply.isPassword()))
                    : new Run(reply.runId(), Step.CONTINUE, "");
            reply = step(target.owner(), target.id().toString(), next, printer);
        }
        if (reply.exitCode() == null || reply.exitCode() != 0) {
            throw new CommandException("The code ended with exit code " + reply.exitCode());
        }
    }

    private ExecuteReply step(io.slipway.model.identity.AccessKey owner, String session, Run run, Printer printer) {
        var reply = execution.execute(owner, session, run, FLUSH);
        reply.console().forEach(piece -> printer.text(piece.text()));
        return reply;
    }

    private String readLine(boolean isPassword) throws Exception {
        return session.readLine("", isPassword ? '*' : null);
    }
}
