package io.slipway.plugin.shell;

import io.slipway.lib.shell.CommandFailure;
import io.slipway.lib.shell.Printer;
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
import org.jspecify.annotations.Nullable;

/** Swaps a plug-in for another version of it. */
@Service
@Command(scope = "slipway", name = "plugin-swap", description = "Swaps a plug-in for another version, side by side")
public final class PluginSwapCommand extends OrderCommand {

    @Argument(index = 0, name = "id", description = "The plug-in")
    @Completion(PluginIdCompleter.class)
    String id;

    @Argument(
            index = 1,
            name = "where",
            description = "Path or URL of a .jar, or NAME[@VERSION] of a repository",
            valueToShowInHelp = "what --version names",
            multiValued = true)
    @Completion(SourceCompleter.class)
    List<String> where = List.of();

    @Option(name = "--version", description = "In place of where: a version that is on disk")
    @Completion(PluginVersionCompleter.class)
    @Nullable
    String version;

    @Reference
    PluginSources sources;

    @Override
    protected void run(Printer printer) throws IOException, CommandFailure {
        var plugin = id(id);
        if (version != null && where.isEmpty()) {
            if (!set.isEmpty()) {
                throw new CommandFailure("a version on disk has its settings; --set goes with a new file");
            }
            var wanted = version;
            carryOut(listener -> plugins.select(plugin, wanted, listener).thenApply(List::of), printer);
        } else if (!where.isEmpty() && version == null) {
            printer.progress("fetch " + only(where));
            try (var fetched = sources.fetch(only(where), Optional.of(plugin))) {
                install(fetched, printer);
            }
        } else {
            throw new CommandFailure(
                    "say where the new version is, or which --version of " + plugins.versions(plugin) + " on disk");
        }
    }
}
