package io.slipway.plugin.shell;

import io.slipway.lib.shell.CommandFailure;
import io.slipway.lib.shell.Printer;
import io.slipway.plugin.api.PluginSources;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Says whether the site would take a file, and who signed it. */
@Service
@Command(scope = "slipway", name = "plugin-verify", description = "Looks at the signature of a plug-in's file")
public final class PluginVerifyCommand extends PluginCommand {

    private static final List<String> COLUMNS = List.of("id", "version", "finding", "words", "sha256");

    @Argument(
            name = "where",
            description = "Path or URL of a .jar or .kar, or NAME[@VERSION] of a repository",
            multiValued = true)
    @Completion(SourceCompleter.class)
    List<String> where;

    @Reference
    PluginSources sources;

    @Override
    protected void run(Printer printer) throws IOException, CommandFailure {
        try (var fetched = sources.fetch(only(where), Optional.empty())) {
            var rows = fetched.plugins().stream().map(Words::map).toList();
            var refusal = fetched.refusal();
            if (refusal.isEmpty() || !printer.isJson()) {
                printer.rows(COLUMNS, rows, "It has no plug-in");
            }
            if (refusal.isPresent()) {
                throw new CommandFailure("It would be refused: " + refusal.get(), Map.of("plugins", rows));
            }
        }
    }
}
