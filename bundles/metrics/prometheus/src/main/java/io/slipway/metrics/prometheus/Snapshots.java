package io.slipway.metrics.prometheus;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.slipway.metrics.api.Figure;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;

/** Our figures as the library has them. */
final class Snapshots {

    private Snapshots() {}

    static MetricSnapshot of(Figure figure) {
        return switch (figure.kind()) {
            case GAUGE -> gauge(figure);
            case COUNTER -> counter(figure);
        };
    }

    private static MetricSnapshot gauge(Figure figure) {
        var gauge = GaugeSnapshot.builder().name(figure.name()).help(figure.help());
        figure.samples()
                .forEach(sample -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                        .labels(labels(sample.labels()))
                        .value(sample.value())
                        .build()));
        return gauge.build();
    }

    private static MetricSnapshot counter(Figure figure) {
        var counter = CounterSnapshot.builder().name(figure.name()).help(figure.help());
        figure.samples()
                .forEach(sample -> counter.dataPoint(CounterDataPointSnapshot.builder()
                        .labels(labels(sample.labels()))
                        .value(sample.value())
                        .build()));
        return counter.build();
    }

    private static Labels labels(Map<String, String> labels) {
        var sorted = new TreeMap<>(labels);
        return Labels.of(new ArrayList<>(sorted.keySet()), new ArrayList<>(sorted.values()));
    }
}
