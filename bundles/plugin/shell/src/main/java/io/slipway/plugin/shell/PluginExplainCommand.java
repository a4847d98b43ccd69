package io.slipway.plugin.shell;

import io.slipway.lib.shell.CommandFailure;
import io.slipway.lib.shell.Printer;
import io.slipway.plugin.api.PluginAdministration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Tells in sentences how a plug-in stands and how it got there. */
@Service
@Command(scope = "slipway", name = "plugin-explain", description = "Tells how a plug-in stands and how it got there")
public final class PluginExplainCommand extends PluginCommand {

    @Argument(name = "id", description = "The plug-in", multiValued = true)
    @Completion(PluginIdCompleter.class)
    List<String> id;

    @Reference
    PluginAdministration plugins;

    @Override
    protected void run(Printer printer) throws CommandFailure {
        var told = plugins.explain(id(only(id)));
        var map = new LinkedHashMap<String, Object>(PluginInfoCommand.map(told));
        map.put("sentences", told.sentences());
        map.put("history", told.history().stream().map(Words::map).toList());
        var lines = new ArrayList<String>(told.sentences());
        lines.addAll(Printer.section(
                "What happened last:",
                told.history().stream()
                        .map(line -> line.at() + " " + line.version() + " " + line.step() + " " + line.words())
                        .toList()));
        printer.lines(map, lines);
    }
}
