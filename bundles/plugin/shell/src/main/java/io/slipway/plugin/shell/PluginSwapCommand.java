package io.slipway.plugin.shell;

import io.slipway.plugin.api.PluginSources;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.jspecify.annotations.Nullable;

/** Swaps a plug-in for another version of it. */
@Service
@Command(scope = "slipway", name = "plugin-swap", description = "Swaps a plug-in for another version, side by side")
public final class PluginSwapCommand extends OrderCommand {

    @Argument(index = 0, name = "id", description = "The plug-in", required = true)
    @Completion(PluginIdCompleter.class)
    String id;

    @Argument(index = 1, name = "where", description = "Path or URL of a .jar, or NAME[@VERSION] of a repository")
    @Completion(SourceCompleter.class)
    @Nullable
    String where;

    @Option(name = "--version", description = "In place of where: a version that is on disk")
    @Completion(PluginVersionCompleter.class)
    @Nullable
    String version;

    @Reference
    PluginSources sources;

    @Override
    void run(Printer printer) throws IOException, CommandException {
        var plugin = id(id);
        if (version != null && where == null) {
            var wanted = version;
            carryOut(listener -> plugins.select(plugin, wanted, listener).thenApply(List::of), printer);
        } else if (where != null && version == null) {
            printer.progress("fetch " + where);
            try (var fetched = sources.fetch(where, Optional.of(plugin))) {
                install(fetched, printer);
            }
        } else {
            throw new CommandException(
                    "say where the new version is, or which --version of " + plugins.versions(plugin) + " on disk");
        }
    }
}
