package io.slipway.manager.gateway;

import io.slipway.metrics.api.Exposition;
import io.slipway.metrics.api.Figures;
import java.util.stream.Collectors;

/** Writes the figures of one source, a line each. */
record FakeExposition(Figures source) implements Exposition {

    @Override
    public Page page(String accept) {
        var lines = source.figures().stream()
                .flatMap(figure ->
                        figure.samples().stream().map(sample -> figure.name() + sample.labels() + " " + sample.value()))
                .sorted()
                .collect(Collectors.joining("\n"));
        return new Page("text/plain; version=0.0.4", lines);
    }
}
