package io.slipway.plugin.shell;

import io.slipway.lib.shell.Printer;
import io.slipway.plugin.api.PluginStatus;
import io.slipway.plugin.api.Plugins;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Lists plug-ins with their state and why. */
@Service
@Command(scope = "slipway", name = "plugin-list", description = "Lists plug-ins with their state and why")
public final class PluginListCommand extends PluginCommand {

    private static final List<String> COLUMNS =
            List.of("id", "version", "provides", "state", "leases", "why", "beside");

    @Reference
    Plugins plugins;

    @Override
    protected void run(Printer printer) {
        var rows = plugins.statuses().stream().map(PluginListCommand::row).toList();
        printer.rows(COLUMNS, rows, "No plug-in is installed");
    }

    private static Map<String, String> row(PluginStatus plugin) {
        var row = new LinkedHashMap<String, String>();
        row.put("id", plugin.id().value());
        row.put("version", plugin.version());
        row.put("provides", String.join(" ", plugin.spis()));
        row.put("state", plugin.state().name());
        row.put("leases", Long.toString(plugin.leases()));
        row.put("why", plugin.reason());
        row.put("beside", plugin.others().stream().map(Words::of).collect(Collectors.joining("; ")));
        return row;
    }
}
