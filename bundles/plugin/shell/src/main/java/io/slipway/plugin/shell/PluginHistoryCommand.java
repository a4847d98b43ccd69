package io.slipway.plugin.shell;

import io.slipway.lib.shell.CommandFailure;
import io.slipway.lib.shell.Printer;
import io.slipway.plugin.api.PluginAdministration;
import java.io.IOException;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Shows the journal of the plug-ins. */
@Service
@Command(scope = "slipway", name = "plugin-history", description = "Shows what happened to plug-ins, step by step")
public final class PluginHistoryCommand extends PluginCommand {

    private static final List<String> COLUMNS = List.of("at", "id", "version", "step", "words");

    @Argument(name = "id", description = "The plug-in", valueToShowInHelp = "all", multiValued = true)
    @Completion(PluginIdCompleter.class)
    List<String> id = List.of();

    @Option(name = "--last", description = "Show so many lines")
    int last = 100;

    @Reference
    PluginAdministration plugins;

    @Override
    protected void run(Printer printer) throws IOException, CommandFailure {
        var wanted = id.isEmpty() ? null : id(only(id));
        var lines = plugins.history().stream()
                .filter(line -> wanted == null || line.id().equals(wanted))
                .toList();
        var shown = lines.subList(Math.max(0, lines.size() - Math.max(1, last)), lines.size());
        printer.rows(COLUMNS, shown.stream().map(Words::map).toList(), "Nothing has happened yet");
    }
}
