package io.slipway.plugin.shell;

import io.slipway.lib.shell.CommandFailure;
import io.slipway.lib.shell.Printer;
import io.slipway.plugin.api.FetchedPlugins;
import io.slipway.plugin.api.FetchedPlugins.Fetched;
import io.slipway.plugin.api.PluginAdministration;
import io.slipway.plugin.api.PluginSources;
import io.slipway.plugin.api.PluginTransaction;
import io.slipway.plugin.api.SwapPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;

/** Tells what an install or swap would do, and does nothing. */
@Service
@Command(scope = "slipway", name = "plugin-plan", description = "Tells what an install or swap would do")
public final class PluginPlanCommand extends PluginCommand {

    @Argument(
            name = "where",
            description = "Path or URL of a .jar or .kar, or NAME[@VERSION] of a repository",
            multiValued = true)
    @Completion(SourceCompleter.class)
    List<String> where;

    @Option(name = "--id", description = "Of which plug-in the jar is, if it does not say")
    @Nullable
    String id;

    @Option(
            name = "--set",
            description = "A setting of the new version alone, as PID.NAME=VALUE; again for more",
            multiValued = true)
    List<String> set = List.of();

    @Reference
    PluginSources sources;

    @Reference
    PluginAdministration plugins;

    @Override
    protected void run(Printer printer) throws IOException, CommandFailure {
        try (var fetched = sources.fetch(only(where), id == null ? Optional.empty() : Optional.of(id(id)))) {
            var settings = fetched.refusal().isEmpty() ? settings(set) : Map.<String, String>of();
            var plans = plans(fetched, fetched.transaction(settings));
            var lines = new ArrayList<String>();
            plans.forEach(plan -> lines.addAll(Words.lines(plan)));
            lines.addAll(Printer.section(
                    "would be set for the new version:",
                    settings.entrySet().stream()
                            .map(each -> "  " + each.getKey() + " = " + each.getValue())
                            .toList()));
            printer.lines(Map.of("plans", plans.stream().map(Words::map).toList(), "settings", settings), lines);
        }
    }

    private List<SwapPlan> plans(FetchedPlugins fetched, PluginTransaction transaction) {
        var plans = plugins.plan(transaction);
        return IntStream.range(0, plans.size())
                .mapToObj(i -> plan(plans.get(i), fetched.plugins().get(i)))
                .toList();
    }

    private static SwapPlan plan(SwapPlan plan, Fetched plugin) {
        return new SwapPlan(
                plan.id(),
                plan.oldVersion(),
                plan.newVersion(),
                plan.refreshed(),
                plan.callsInFlight(),
                plan.inFlight(),
                plan.installed(),
                plan.stateMoved(),
                plugin.objections(plan));
    }
}
