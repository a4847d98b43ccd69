package io.slipway.plugin.shell;

import io.slipway.lib.shell.Printer;
import io.slipway.plugin.api.CallCosts;
import io.slipway.plugin.api.FetchedPlugins.Fetched;
import io.slipway.plugin.api.PluginContents;
import io.slipway.plugin.api.PluginStatus.VersionStatus;
import io.slipway.plugin.api.SwapOutcome;
import io.slipway.plugin.api.SwapPlan;
import io.slipway.plugin.api.SwapRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Plug-ins and what happens to them, as text and as JSON's maps. */
final class Words {

    private Words() {}

    static String of(VersionStatus version) {
        return version.version() + " " + version.state() + (version.reason().isEmpty() ? "" : ": " + version.reason());
    }

    static String of(PluginContents.Part part) {
        return String.join(" ", part.name(), part.version(), String.join(", ", part.licences()))
                .strip();
    }

    static String of(SwapOutcome outcome) {
        return switch (outcome) {
            case SwapOutcome.Swapped swapped ->
                swapped.id() + ": " + (swapped.oldVersion().isEmpty() ? "" : swapped.oldVersion() + " -> ")
                        + swapped.newVersion() + " in " + swapped.took().toMillis() + " ms"
                        + (swapped.remark().isEmpty() ? "" : "; " + swapped.remark());
            case SwapOutcome.Refused refused ->
                refused.id() + " is refused at " + refused.step().name().toLowerCase(Locale.ROOT) + ": "
                        + refused.reason();
            case SwapOutcome.RolledBack back ->
                back.id() + " " + back.newVersion() + " was taken back, " + back.oldVersion() + " serves again: "
                        + back.reason() + "; " + of(back.costs());
        };
    }

    private static String of(CallCosts costs) {
        return "it cost " + costs.failed() + " calls, " + costs.retried() + " more were retried"
                + (costs.named().isEmpty() ? "" : ": " + String.join("; ", costs.named()));
    }

    static Map<String, Object> map(SwapOutcome outcome) {
        var map = new LinkedHashMap<String, Object>();
        map.put("id", outcome.id().value());
        map.put("outcome", outcome.getClass().getSimpleName());
        switch (outcome) {
            case SwapOutcome.Swapped swapped -> {
                map.put("oldVersion", swapped.oldVersion());
                map.put("newVersion", swapped.newVersion());
                map.put("tookMillis", swapped.took().toMillis());
                map.put("remark", swapped.remark());
            }
            case SwapOutcome.Refused refused -> {
                map.put("step", refused.step().name());
                map.put("reason", refused.reason());
            }
            case SwapOutcome.RolledBack back -> {
                map.put("oldVersion", back.oldVersion());
                map.put("newVersion", back.newVersion());
                map.put("reason", back.reason());
                map.put("callsFailed", back.costs().failed());
                map.put("callsRetried", back.costs().retried());
                map.put("calls", back.costs().named());
            }
        }
        return map;
    }

    static Map<String, Object> map(SwapPlan plan) {
        var map = new LinkedHashMap<String, Object>();
        map.put("id", plan.id().value());
        map.put("oldVersion", plan.oldVersion());
        map.put("newVersion", plan.newVersion());
        map.put("installed", plan.installed());
        map.put("refreshed", plan.refreshed());
        map.put("callsInFlight", plan.callsInFlight());
        map.put("inFlight", plan.inFlight());
        map.put("stateMoved", plan.stateMoved());
        map.put("objections", plan.objections());
        return map;
    }

    static List<String> lines(SwapPlan plan) {
        var lines = new ArrayList<String>();
        lines.add(plan.id() + ": " + (plan.oldVersion().isEmpty() ? "nothing" : plan.oldVersion()) + " -> "
                + plan.newVersion());
        lines.addAll(Printer.section("  would be installed:", indented(plan.installed())));
        lines.addAll(Printer.section("  would be restarted besides:", indented(plan.refreshed())));
        lines.add("  calls in flight: " + plan.callsInFlight());
        lines.addAll(indented(plan.inFlight()));
        lines.addAll(Printer.section("  state that moves:", indented(plan.stateMoved())));
        lines.addAll(Printer.section("  IT WOULD BE REFUSED:", indented(plan.objections())));
        return lines;
    }

    private static List<String> indented(List<String> lines) {
        return lines.stream().map(line -> "  " + line).toList();
    }

    static Map<String, Object> map(SwapRecord line) {
        var map = new LinkedHashMap<String, Object>();
        map.put("at", line.at().toString());
        map.put("id", line.id().value());
        map.put("version", line.version());
        map.put("step", line.step());
        map.put("words", line.words());
        return map;
    }

    static Map<String, Object> map(Fetched plugin) {
        var verdict = plugin.verdict();
        var map = new LinkedHashMap<String, Object>();
        map.put("id", plugin.artifact().id().value());
        map.put("bundle", verdict.bundle());
        map.put("version", verdict.version());
        map.put("accepted", verdict.isAccepted());
        map.put("finding", verdict.finding().name());
        map.put("signer", verdict.signer());
        map.put("sha256", verdict.digest());
        map.put("words", verdict.words());
        return map;
    }
}
