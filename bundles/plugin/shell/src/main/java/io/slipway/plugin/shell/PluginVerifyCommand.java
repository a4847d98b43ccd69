package io.slipway.plugin.shell;

import io.slipway.plugin.api.PluginSources;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;

/** Says whether the site would take a file, and who signed it. */
@Service
@Command(scope = "slipway", name = "plugin-verify", description = "Looks at the signature of a plug-in's file")
public final class PluginVerifyCommand extends PluginCommand {

    private static final List<String> COLUMNS = List.of("id", "version", "finding", "words", "sha256");

    @Argument(
            name = "where",
            description = "Path or URL of a .jar or .kar, or NAME[@VERSION] of a repository",
            required = true)
    @Completion(SourceCompleter.class)
    String where;

    @Reference
    PluginSources sources;

    @Override
    void run(Printer printer) throws IOException, CommandException {
        try (var fetched = sources.fetch(where, Optional.empty())) {
            printer.rows(COLUMNS, fetched.plugins().stream().map(Words::map).toList(), "It has no plug-in");
            var refusal = fetched.refusal();
            if (refusal.isPresent()) {
                throw new CommandException("It would be refused: " + refusal.get());
            }
        }
    }
}
