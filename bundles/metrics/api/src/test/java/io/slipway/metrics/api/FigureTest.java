package io.slipway.metrics.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FigureTest {

    @ParameterizedTest
    @ValueSource(strings = {"leases", "slipway_Leases", "slipway_swaps_total", "slipway_", "slipway_a-b"})
    void refusesNamesOutsideOfTheForm(String name) {
        assertThrows(IllegalArgumentException.class, () -> new Figure(name, Figure.Kind.GAUGE, "", List.of()));
    }

    @Test
    void keepsItsSamples() {
        var sample = new Figure.Sample(Map.of("plugin", "noop"), 2);
        assertEquals(
                List.of(sample),
                new Figure("slipway_plugin_leases", Figure.Kind.GAUGE, "Uses in flight", List.of(sample)).samples());
    }
}
