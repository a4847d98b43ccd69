package io.slipway.plugin.shell;

import io.slipway.lib.shell.CommandFailure;
import io.slipway.lib.shell.Printer;
import io.slipway.plugin.api.PluginAdministration;
import io.slipway.plugin.api.PluginExplanation;
import io.slipway.plugin.api.PluginSources;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Shows one plug-in: its state, its versions, its calls. */
@Service
@Command(scope = "slipway", name = "plugin-info", description = "Shows one plug-in: state, versions, calls")
public final class PluginInfoCommand extends PluginCommand {

    @Argument(name = "id", description = "The plug-in", multiValued = true)
    @Completion(PluginIdCompleter.class)
    List<String> id;

    @Option(
            name = "--contents",
            description = "Also what is inside the version that serves, by the list of the repository that offers it")
    boolean isContents;

    @Reference
    PluginAdministration plugins;

    @Reference
    PluginSources sources;

    @Override
    protected void run(Printer printer) throws IOException, CommandFailure {
        var told = plugins.explain(id(only(id)));
        if (told.status().isEmpty()
                && told.versions().isEmpty()
                && told.history().isEmpty()) {
            throw new CommandFailure(
                    "there is no plug-in '" + only(id) + "'; slipway:plugin-list shows those there are");
        }
        var map = map(told);
        if (isContents) {
            map.putAll(contents(told));
        }
        printer.lines(map, lines(map));
    }

    private Map<String, Object> contents(PluginExplanation told) throws IOException, CommandFailure {
        var status = told.status().orElseThrow(() -> new CommandFailure("no version of " + told.id() + " is in use"));
        var contents = sources.contents(told.id(), status.version());
        return Map.of("contents", contents.parts().stream().map(Words::of).toList(), "contentsBy", contents.origin());
    }

    static Map<String, Object> map(PluginExplanation told) {
        var map = new LinkedHashMap<String, Object>();
        map.put("id", told.id().value());
        told.status().ifPresent(status -> {
            map.put("version", status.version());
            map.put("state", status.state().name());
            map.put("reason", status.reason());
            map.put("provides", status.spis());
            map.put("leases", status.leases());
            map.put("beside", status.others().stream().map(Words::of).toList());
        });
        map.put("versions", told.versions());
        map.put("calls", told.calls().stream().map(PluginInfoCommand::words).toList());
        return map;
    }

    private static List<String> lines(Map<String, Object> map) {
        var lines = new ArrayList<String>();
        map.forEach((name, value) -> {
            if (value instanceof List<?> several) {
                lines.addAll(Printer.section(
                        name + ":", several.stream().map(String::valueOf).toList()));
            } else {
                lines.add(name + ": " + value);
            }
        });
        return lines;
    }

    private static String words(PluginExplanation.Calls calls) {
        return calls.version() + " " + calls.method() + ": " + calls.calls() + " calls, " + calls.failed()
                + " failed, p50 "
                + calls.median().toMillis() + " ms, p99 " + calls.p99().toMillis() + " ms, " + calls.inFlight()
                + " in flight";
    }
}
