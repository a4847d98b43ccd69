package io.slipway.plugin.shell;

import io.slipway.plugin.api.PluginAdministration;
import io.slipway.plugin.api.Plugins;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Completes versions on disk of the plug-in that the line names. */
@Service
public final class PluginVersionCompleter implements Completer {

    private static final Logger LOG = LoggerFactory.getLogger(PluginVersionCompleter.class);

    @Reference
    Plugins plugins;

    @Reference
    PluginAdministration administration;

    @Override
    public int complete(Session session, CommandLine commandLine, List<String> candidates) {
        var words = Arrays.asList(commandLine.getArguments());
        var versions = new ArrayList<String>();
        for (var status : plugins.statuses()) {
            if (words.contains(status.id().value())) {
                try {
                    versions.addAll(administration.versions(status.id()));
                } catch (IOException e) {
                    LOG.debug("There is nothing to complete", e);
                }
            }
        }
        return new StringsCompleter(versions).complete(session, commandLine, candidates);
    }
}
