package io.slipway.manager.shell;

import io.slipway.manager.api.SessionService;
import io.slipway.manager.store.IdentityStore;
import io.slipway.model.identity.UserRole;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** Completes access keys: those that have live sessions, and the first one of each role. */
@Service
public final class AccessKeyCompleter implements Completer {

    @Reference
    SessionService sessions;

    @Reference
    IdentityStore identities;

    @Override
    public int complete(Session session, CommandLine commandLine, List<String> candidates) {
        var owners = SessionRef.newest(sessions, SessionRef.LIVE).stream()
                .map(known -> known.owner().value());
        var first = Arrays.stream(UserRole.values())
                .map(identities::firstKeypairOf)
                .flatMap(Optional::stream)
                .map(keypair -> keypair.accessKey().value());
        var keys = Stream.concat(first, owners).distinct().toList();
        return new StringsCompleter(keys).complete(session, commandLine, candidates);
    }
}
