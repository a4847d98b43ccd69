package io.slipway.manager.shell;

import io.slipway.manager.api.SessionService;
import java.util.List;
import java.util.Set;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** Completes names of sessions, ended ones too: what became of them is asked most. */
@Service
public final class KnownSessionCompleter implements Completer {

    @Reference
    SessionService sessions;

    @Override
    public int complete(Session session, CommandLine commandLine, List<String> candidates) {
        return new StringsCompleter(SessionRef.names(sessions, Set.of())).complete(session, commandLine, candidates);
    }
}
