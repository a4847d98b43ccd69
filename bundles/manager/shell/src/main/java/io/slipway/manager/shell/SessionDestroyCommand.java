package io.slipway.manager.shell;

import io.slipway.lib.shell.Printer;
import io.slipway.manager.api.SessionService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Ends a session and waits until it is gone. */
@Service
@Command(scope = "slipway", name = "session-destroy", description = "Ends a session and waits until it is gone")
public final class SessionDestroyCommand extends OwnedCommand {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Argument(name = "session", description = "Name or id", multiValued = true)
    @Completion(SessionCompleter.class)
    List<String> reference;

    @Option(name = "-f", aliases = "--forced", description = "Also while it starts or ends; programs get no grace")
    boolean isForced;

    @Reference
    SessionService sessions;

    @Override
    protected void run(Printer printer) {
        var target = SessionRef.find(sessions, this, only(reference));
        sessions.destroy(operator(), target.owner(), target.id().toString(), isForced);
        var now = sessions.awaitLeft(target.id(), SessionRef.LIVE, PATIENCE);
        printer.lines(
                Map.of(
                        "id",
                        now.id().toString(),
                        "name",
                        now.name(),
                        "status",
                        now.status().name()),
                List.of("Session " + now.name() + " is " + now.status()));
    }
}
