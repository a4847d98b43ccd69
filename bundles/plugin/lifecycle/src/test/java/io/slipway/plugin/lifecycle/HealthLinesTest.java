package io.slipway.plugin.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slipway.plugin.api.PluginExplanation.Calls;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginStatus;
import io.slipway.plugin.api.PluginStatus.State;
import io.slipway.plugin.api.PluginStatus.VersionStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HealthLinesTest {

    @Test
    void tellsEachChangeOnceWithItsFigures() throws Exception {
        var state = new AtomicReference<>(State.ACTIVE);
        var figures = new Calls("1.0.0", "KernelRuntime.list", 7, 1, Duration.ofMillis(2), Duration.ofMillis(9), 1);
        try (var health = new HealthLines(() -> List.of(status(state.get())), id -> List.of(figures))) {
            assertEquals(List.of("""
                    {"plugin":"noop","version":"1.0.0","state":"ACTIVE","reason":"","leases":3,"calls":7,"failed":1,\
                    "methods":[{"method":"KernelRuntime.list","calls":7,"failed":1,"inFlight":1,"medianMicros":2000,\
                    "p99Micros":9000}],"others":[{"version":"0.9.0","state":"DRAINING","reason":"draining","leases":2,\
                    "ageSeconds":14}]}"""), health.lines());
            assertEquals(List.of(), health.lines());
            state.set(State.PROBATION);
            assertEquals(1, health.lines().size());
        }
    }

    private static PluginStatus status(State state) {
        var other = new VersionStatus("0.9.0", State.DRAINING, "draining", 2, Duration.ofSeconds(14));
        return new PluginStatus(new PluginId("noop"), "1.0.0", List.of("KernelRuntime"), state, "", 3, List.of(other));
    }
}
