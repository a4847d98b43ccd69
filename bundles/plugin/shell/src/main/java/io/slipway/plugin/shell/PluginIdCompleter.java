package io.slipway.plugin.shell;

import io.slipway.plugin.api.Plugins;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** Completes ids of plug-ins. */
@Service
public final class PluginIdCompleter implements Completer {

    @Reference
    Plugins plugins;

    @Override
    public int complete(Session session, CommandLine commandLine, List<String> candidates) {
        var ids = plugins.statuses().stream().map(status -> status.id().value()).toList();
        return new StringsCompleter(ids).complete(session, commandLine, candidates);
    }
}
