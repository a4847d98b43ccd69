package io.slipway.metrics.prometheus;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.slipway.metrics.api.Exposition;
import io.slipway.metrics.api.Figure;
import io.slipway.metrics.api.Figures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks every source of figures and writes what they tell, together with those of the JVM. */
@Component
public final class PrometheusExposition implements Exposition {

    private static final Logger LOG = LoggerFactory.getLogger(PrometheusExposition.class);

    private final Set<Figures> sources = ConcurrentHashMap.newKeySet();
    private final ExpositionFormats formats = ExpositionFormats.init();

    /** Used by the component runtime. */
    @Activate
    public PrometheusExposition() {}

    /** Loaded at the first look: the start of the server does not wait for it. */
    private static final class Jvm {

        static final PrometheusRegistry REGISTRY = new PrometheusRegistry();

        static {
            JvmMetrics.builder().register(REGISTRY);
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addFigures(Figures figures) {
        sources.add(figures);
    }

    void removeFigures(Figures figures) {
        sources.remove(figures);
    }

    @Override
    public Page page(String accept) {
        var writer = formats.findWriter(accept.isEmpty() ? null : accept);
        var text = new ByteArrayOutputStream(16_384);
        try {
            writer.write(text, snapshots());
        } catch (IOException e) {
            throw new UncheckedIOException("memory can always be written", e);
        }
        return new Page(writer.getContentType(), text.toString(UTF_8));
    }

    private MetricSnapshots snapshots() {
        var all = MetricSnapshots.builder();
        Jvm.REGISTRY.scrape().forEach(all::metricSnapshot);
        for (var figure : figures()) {
            if (all.containsMetricName(figure.name())) {
                LOG.warn("Two sources tell {}; the second is left out", figure.name());
            } else {
                all.metricSnapshot(Snapshots.of(figure));
            }
        }
        return all.build();
    }

    @SuppressWarnings("IllegalCatch") // a source that fails must not hide the others
    private List<Figure> figures() {
        var figures = new ArrayList<Figure>();
        var failed = 0;
        for (var source : sources) {
            try {
                figures.addAll(source.figures());
            } catch (RuntimeException e) {
                LOG.warn("{} cannot tell its figures", source.getClass().getName(), e);
                failed++;
            }
        }
        figures.add(new Figure(
                "slipway_figures_failed",
                Figure.Kind.GAUGE,
                "Sources that could not tell their figures at this look; the log has them",
                List.of(new Figure.Sample(Map.of(), failed))));
        return figures;
    }
}
