package io.slipway.plugin.lifecycle;

import io.slipway.metrics.api.Figure;
import io.slipway.metrics.api.Figure.Kind;
import io.slipway.metrics.api.Figure.Sample;
import io.slipway.metrics.api.Figures;
import io.slipway.plugin.api.PluginExplanation.Calls;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginStatus;
import io.slipway.plugin.api.PluginStatus.State;
import io.slipway.plugin.api.PluginStatus.VersionStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** How plug-ins stand, as figures: states with their reasons, leases and their age, calls, and how swaps ended. */
final class PluginFigures implements Figures {

    private static final int LONGEST_REASON = 200;
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Supplier<List<PluginStatus>> statuses;
    private final Function<PluginId, List<Calls>> calls;
    private final SwapCounts swaps;

    PluginFigures(Supplier<List<PluginStatus>> statuses, Function<PluginId, List<Calls>> calls, SwapCounts swaps) {
        this.statuses = statuses;
        this.calls = calls;
        this.swaps = swaps;
    }

    @Override
    public List<Figure> figures() {
        var states = new ArrayList<Sample>();
        var leases = new ArrayList<Sample>();
        var ages = new ArrayList<Sample>();
        var ofCalls = new CallSamples();
        for (var plugin : statuses.get()) {
            var id = plugin.id().value();
            states.add(state(id, plugin.version(), plugin.state(), plugin.reason()));
            leases.add(new Sample(version(id, plugin.version()), plugin.leases()));
            for (var other : plugin.others()) {
                states.add(state(id, other.version(), other.state(), other.reason()));
                leases.add(new Sample(version(id, other.version()), other.leases()));
                if (other.leases() > 0) {
                    ages.add(new Sample(version(id, other.version()), seconds(other)));
                }
            }
            calls.apply(plugin.id()).forEach(each -> ofCalls.add(id, each));
        }
        return List.of(
                gauge("slipway_plugin_state", "1 for the state that each version of a plug-in is in, and why", states),
                gauge("slipway_plugin_leases", "Uses of each version in flight", leases),
                gauge("slipway_plugin_lease_age_seconds", "Age, at least, of uses of versions that are given up", ages),
                gauge("slipway_plugin_calls", "Calls that are remembered for judging a swap", ofCalls.calls),
                gauge("slipway_plugin_calls_failed", "Of these, those that failed", ofCalls.failed),
                gauge("slipway_plugin_calls_in_flight", "Calls that run now", ofCalls.inFlight),
                gauge("slipway_plugin_call_p99_seconds", "99 of 100 of these calls took less", ofCalls.p99),
                new Figure("slipway_plugin_changes", Kind.COUNTER, "Changes of plug-ins, by how they ended", ends()));
    }

    private static Figure gauge(String name, String help, List<Sample> samples) {
        return new Figure(name, Kind.GAUGE, help, samples);
    }

    private static Map<String, String> version(String id, String version) {
        return Map.of("plugin", id, "version", version);
    }

    private static double seconds(VersionStatus version) {
        return version.age().toNanos() / NANOS_PER_SECOND;
    }

    private static Sample state(String id, String version, State state, String reason) {
        return new Sample(
                Map.of("plugin", id, "version", version, "state", state.name(), "reason", lasting(state, reason)), 1);
    }

    /** Words that count would be another series at each look; what they count has a figure of its own. */
    private static String lasting(State state, String reason) {
        return switch (state) {
            case PROBATION -> "on probation";
            case DRAINING -> "its last uses end";
            case STANDBY -> "stands by";
            case ACTIVE, WAITING, FAILED, REFUSED, ROLLED_BACK ->
                reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) : reason;
        };
    }

    private List<Sample> ends() {
        return swaps.all().entrySet().stream()
                .map(entry -> new Sample(
                        Map.of(
                                "plugin", entry.getKey().id().value(),
                                "end", entry.getKey().end()),
                        entry.getValue().sum()))
                .toList();
    }

    /** One sample of each kind for each method. */
    private static final class CallSamples {

        private final List<Sample> calls = new ArrayList<>();
        private final List<Sample> failed = new ArrayList<>();
        private final List<Sample> inFlight = new ArrayList<>();
        private final List<Sample> p99 = new ArrayList<>();

        void add(String id, Calls figures) {
            var labels = Map.of("plugin", id, "version", figures.version(), "method", figures.method());
            calls.add(new Sample(labels, figures.calls()));
            failed.add(new Sample(labels, figures.failed()));
            inFlight.add(new Sample(labels, figures.inFlight()));
            p99.add(new Sample(labels, figures.p99().toNanos() / NANOS_PER_SECOND));
        }
    }
}
