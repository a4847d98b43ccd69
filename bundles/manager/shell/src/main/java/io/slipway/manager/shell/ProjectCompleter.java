package io.slipway.manager.shell;

import io.slipway.manager.api.IdentityService;
import io.slipway.manager.store.ProjectRecord;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** Completes names of the operator's projects. */
@Service
public final class ProjectCompleter implements Completer {

    @Reference
    IdentityService identity;

    @Override
    public int complete(Session session, CommandLine commandLine, List<String> candidates) {
        var names = identity.projects(identity.operator()).stream()
                .map(ProjectRecord::name)
                .toList();
        return new StringsCompleter(names).complete(session, commandLine, candidates);
    }
}
