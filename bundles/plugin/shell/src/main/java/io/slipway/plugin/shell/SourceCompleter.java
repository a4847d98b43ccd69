package io.slipway.plugin.shell;

import io.slipway.plugin.api.PluginSources;
import java.time.Duration;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.Candidate;
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
        return new StringsCompleter(names.of(sources)).complete(session, commandLine, candidates);
    }

    /** What the shell asks; paths are completed in this form alone. */
    @Override
    public void completeCandidates(Session session, CommandLine commandLine, List<Candidate> candidates) {
        var argument = commandLine.getCursorArgument();
        if (argument != null && argument.startsWith("/")) {
            new FileCompleter().completeCandidates(session, commandLine, candidates);
        } else {
            Completer.super.completeCandidates(session, commandLine, candidates);
        }
    }
}
