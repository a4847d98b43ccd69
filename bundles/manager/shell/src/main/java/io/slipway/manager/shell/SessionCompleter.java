package io.slipway.manager.shell;

import io.slipway.manager.api.SessionService;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** Completes names of live sessions. */
@Service
public final class SessionCompleter implements Completer {

    @Reference
    SessionService sessions;

    @Override
    public int complete(Session session, CommandLine commandLine, List<String> candidates) {
        return new StringsCompleter(SessionRef.names(sessions, SessionRef.LIVE))
                .complete(session, commandLine, candidates);
    }
}
