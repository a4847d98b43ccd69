package io.slipway.plugin.shell;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.slipway.plugin.api.PluginStatus;
import io.slipway.plugin.api.Plugins;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.table.ShellTable;
import org.jspecify.annotations.Nullable;

/** Lists plug-ins with their state and why. */
@Service
@Command(scope = "slipway", name = "plugin-list", description = "Lists plug-ins with their state and why")
public final class PluginListCommand implements Action {

    private static final List<String> COLUMNS = List.of("id", "version", "provides", "state", "leases", "why");

    @Option(name = "--json", description = "Print JSON in place of a table")
    boolean isJson;

    @Reference
    Plugins plugins;

    @Reference
    Session session;

    @Override
    public @Nullable Object execute() throws JsonProcessingException {
        var rows = plugins.statuses().stream().map(PluginListCommand::row).toList();
        if (isJson) {
            var mapper = JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build();
            session.getConsole().println(mapper.writeValueAsString(rows));
            return null;
        }
        var table = new ShellTable().emptyTableText("No plug-in is installed");
        COLUMNS.forEach(table::column);
        rows.forEach(
                row -> table.addRow().addContent(COLUMNS.stream().map(row::get).toArray()));
        table.print(session.getConsole());
        return null;
    }

    private static Map<String, String> row(PluginStatus plugin) {
        var row = new LinkedHashMap<String, String>();
        row.put("id", plugin.id().value());
        row.put("version", plugin.version());
        row.put("provides", String.join(" ", plugin.spis()));
        row.put("state", plugin.state().name());
        row.put("leases", Long.toString(plugin.leases()));
        row.put("why", plugin.reason());
        return row;
    }
}
