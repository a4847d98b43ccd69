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

/** Installs plug-ins, or swaps them if they are there already. */
@Service
@Command(
        scope = "slipway",
        name = "plugin-install",
        description = "Installs a plug-in, or all of an archive as one; what is there already is swapped")
public final class PluginInstallCommand extends OrderCommand {

    @Argument(
            name = "where",
            description = "Path or URL of a .jar or .kar, or NAME[@VERSION] of a repository",
            multiValued = true)
    @Completion(SourceCompleter.class)
    List<String> where;

    @Option(name = "--id", description = "Of which plug-in the jar is, if it does not say")
    @Nullable
    String id;

    @Reference
    PluginSources sources;

    @Override
    protected void run(Printer printer) throws IOException, CommandFailure {
        printer.progress("fetch " + only(where));
        try (var fetched = sources.fetch(only(where), id == null ? Optional.empty() : Optional.of(id(id)))) {
            install(fetched, printer);
        }
    }
}
