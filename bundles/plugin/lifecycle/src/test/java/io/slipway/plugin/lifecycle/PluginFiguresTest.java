package io.slipway.plugin.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slipway.metrics.api.Figure.Sample;
import io.slipway.plugin.api.PluginExplanation.Calls;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginStatus;
import io.slipway.plugin.api.PluginStatus.State;
import io.slipway.plugin.api.PluginStatus.VersionStatus;
import io.slipway.plugin.api.SwapOutcome;
import io.slipway.plugin.api.SwapStep;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PluginFiguresTest {

    private static final PluginId NOOP = new PluginId("noop");

    private final SwapCounts swaps = new SwapCounts();

    private List<Sample> samples(PluginStatus status, String name) {
        var calls = new Calls("1.0.0", "KernelRuntime.list", 7, 1, Duration.ofMillis(2), Duration.ofMillis(9), 1);
        return new PluginFigures(() -> List.of(status), id -> List.of(calls), swaps)
                .figures().stream()
                        .filter(figure -> figure.name().equals(name))
                        .findFirst()
                        .orElseThrow()
                        .samples();
    }

    private static PluginStatus status(State state, String reason, VersionStatus... others) {
        return new PluginStatus(NOOP, "1.0.0", List.of("KernelRuntime"), state, reason, 3, List.of(others));
    }

    @Test
    void tellsTheStateOfEachVersionWithTheReason() {
        var refused =
                new VersionStatus("2.0.0", State.REFUSED, "failed self-check: no device", 0, Duration.ofSeconds(5));
        assertEquals(
                List.of(
                        new Sample(
                                Map.of(
                                        "plugin",
                                        "noop",
                                        "version",
                                        "1.0.0",
                                        "state",
                                        "WAITING",
                                        "reason",
                                        "waiting for X"),
                                1),
                        new Sample(
                                Map.of(
                                        "plugin",
                                        "noop",
                                        "version",
                                        "2.0.0",
                                        "state",
                                        "REFUSED",
                                        "reason",
                                        "failed self-check: no device"),
                                1)),
                samples(status(State.WAITING, "waiting for X", refused), "slipway_plugin_state"));
    }

    @Test
    void leavesOutOfReasonsWhatChangesAtEachLook() {
        var probation = samples(status(State.PROBATION, "7 calls, 1 failed"), "slipway_plugin_state");
        assertEquals("on probation", probation.getFirst().labels().get("reason"));
    }

    @Test
    void tellsLeasesAndHowOldThoseOfGivenUpVersionsAre() {
        var draining = new VersionStatus("0.9.0", State.DRAINING, "draining with 2 leases", 2, Duration.ofSeconds(14));
        var status = status(State.ACTIVE, "", draining);
        var old = Map.of("plugin", "noop", "version", "0.9.0");

        assertEquals(
                List.of(new Sample(Map.of("plugin", "noop", "version", "1.0.0"), 3), new Sample(old, 2)),
                samples(status, "slipway_plugin_leases"));
        assertEquals(List.of(new Sample(old, 14)), samples(status, "slipway_plugin_lease_age_seconds"));
    }

    @Test
    void tellsWhatCallsCost() {
        var status = status(State.ACTIVE, "");
        var method = Map.of("plugin", "noop", "version", "1.0.0", "method", "KernelRuntime.list");
        assertEquals(List.of(new Sample(method, 7)), samples(status, "slipway_plugin_calls"));
        assertEquals(List.of(new Sample(method, 1)), samples(status, "slipway_plugin_calls_failed"));
        assertEquals(List.of(new Sample(method, 0.009)), samples(status, "slipway_plugin_call_p99_seconds"));
    }

    @Test
    void countsChangesByHowTheyEnded() {
        swaps.count(new SwapOutcome.Refused(NOOP, SwapStep.CHECK, "no"));
        swaps.count(new SwapOutcome.Refused(NOOP, SwapStep.START, "no"));
        assertEquals(
                List.of(new Sample(Map.of("plugin", "noop", "end", "refused"), 2)),
                samples(status(State.ACTIVE, ""), "slipway_plugin_changes"));
    }
}
