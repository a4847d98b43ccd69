package io.slipway.plugin.shell;

import io.slipway.plugin.api.PluginSources;
import java.time.Duration;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.FileCompleter;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** Completes paths, and names that the plug-in repositories offer. */
@Service
public final class SourceCompleter implements Completer {

    private final OfferedNames names = new OfferedNames(Duration.ofMillis(300));

    @Reference
    PluginSources sources;

    @Override
    public int complete(Session session, CommandLine commandLine, List<String> candidates) {
        var argument = commandLine.getCursorArgument();
        return argument != null && argument.startsWith("/")
                ? new FileCompleter().complete(session, commandLine, candidates)
                : new StringsCompleter(names.of(sources)).complete(session, commandLine, candidates);
    }
}
