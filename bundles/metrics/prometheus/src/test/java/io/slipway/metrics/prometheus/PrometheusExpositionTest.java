package io.slipway.metrics.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.metrics.api.Figure;
import io.slipway.metrics.api.Figure.Kind;
import io.slipway.metrics.api.Figure.Sample;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrometheusExpositionTest {

    private final PrometheusExposition exposition = new PrometheusExposition();

    private String page() {
        return exposition.page("").text();
    }

    private static Figure leases(double value) {
        var labels = Map.of("plugin", "noop", "reason", "say \"no\"\nnow");
        return new Figure("slipway_plugin_leases", Kind.GAUGE, "Uses in flight", List.of(new Sample(labels, value)));
    }

    @Test
    void writesFiguresInTheFormatOfPrometheus() {
        exposition.addFigures(() -> List.of(
                leases(2),
                new Figure("slipway_plugin_changes", Kind.COUNTER, "Changes", List.of(new Sample(Map.of(), 7)))));

        var page = exposition.page("");

        assertTrue(page.contentType().startsWith("text/plain; version=0.0.4"), page.contentType());
        assertTrue(page.text().contains("""
                # HELP slipway_plugin_leases Uses in flight
                # TYPE slipway_plugin_leases gauge
                slipway_plugin_leases{plugin="noop",reason="say \\"no\\"\\nnow"} 2.0
                """), page.text());
        assertTrue(
                page.text().contains("# TYPE slipway_plugin_changes_total counter\nslipway_plugin_changes_total 7.0"));
    }

    @Test
    void hasTheFiguresOfTheJvm() {
        var page = page();
        assertTrue(page.contains("\njvm_memory_used_bytes{area=\"heap\"} "), page);
        assertTrue(page.contains("\njvm_threads_current "), page);
        assertTrue(page.contains("\nprocess_open_fds "), page);
    }

    @Test
    void speaksOpenMetricsToThoseWhoAskForIt() {
        var page = exposition.page("application/openmetrics-text; version=1.0.0");
        assertTrue(page.contentType().startsWith("application/openmetrics-text"), page.contentType());
        assertTrue(page.text().endsWith("# EOF\n"));
    }

    @Test
    void leavesOutASourceThatFails() {
        exposition.addFigures(() -> {
            throw new IllegalStateException("the store is away");
        });
        exposition.addFigures(() -> List.of(leases(1)));

        var page = page();

        assertTrue(page.contains("\nslipway_figures_failed 1.0\n"), page);
        assertTrue(page.contains("slipway_plugin_leases{"), page);
    }

    @Test
    void tellsANameOnceOnly() {
        exposition.addFigures(() -> List.of(leases(1)));
        exposition.addFigures(() -> List.of(leases(1)));
        assertEquals(
                1,
                page().lines()
                        .filter(line -> line.startsWith("slipway_plugin_leases{"))
                        .count());
    }

    @Test
    void forgetsASourceThatIsGone() {
        io.slipway.metrics.api.Figures source = () -> List.of(leases(1));
        exposition.addFigures(source);
        exposition.removeFigures(source);
        assertFalse(page().contains("slipway_plugin_leases{"));
    }
}
