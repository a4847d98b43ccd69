package io.slipway.manager.shell;

import io.slipway.lib.shell.Printer;
import io.slipway.manager.api.SessionService;
import java.util.List;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Shows the end of a container's log. */
@Service
@Command(scope = "slipway", name = "session-logs", description = "Shows the end of a session's log")
public final class SessionLogsCommand extends OwnedCommand {

    @Argument(name = "session", description = "Name or id", multiValued = true)
    @Completion(KnownSessionCompleter.class)
    List<String> reference;

    @Reference
    SessionService sessions;

    @Override
    protected void run(Printer printer) {
        var target = SessionRef.find(sessions, this, only(reference));
        printer.text("logs", sessions.logs(target.owner(), target.id().toString(), Optional.empty()));
    }
}
