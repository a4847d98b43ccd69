package io.slipway.plugin.lifecycle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.slipway.plugin.api.PluginExplanation.Calls;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes how each plug-in stands as lines of JSON to the logger {@code slipway.metrics.plugins}, for whoever collects
 * figures from the log: at once (within a second) when a state or version changes, and every minute.
 */
final class HealthLines implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HealthLines.class);
    private static final Logger METRICS = LoggerFactory.getLogger("slipway.metrics.plugins");
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final JsonMapper MAPPER = new JsonMapper();

    private final Supplier<List<PluginStatus>> statuses;
    private final Function<PluginId, List<Calls>> calls;
    private final Map<PluginId, String> told = new HashMap<>(); // used by the one thread
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("slipway-plugin-health").factory());
    private long lastAll = System.nanoTime() - EVERY.toNanos();

    HealthLines(Supplier<List<PluginStatus>> statuses, Function<PluginId, List<Calls>> calls) {
        this.statuses = statuses;
        this.calls = calls;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it ends with its thread
    void start() {
        thread.scheduleWithFixedDelay(this::look, 0, 1, TimeUnit.SECONDS);
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: an escaped exception would silently end all later lines
    private void look() {
        try {
            lines().forEach(METRICS::info);
        } catch (JsonProcessingException | RuntimeException e) {
            LOG.warn("The state of plug-ins cannot be told", e);
        }
    }

    /** Returns the lines that are due. */
    List<String> lines() throws JsonProcessingException {
        var isDue = System.nanoTime() - lastAll >= EVERY.toNanos();
        if (isDue) {
            lastAll = System.nanoTime();
        }
        var lines = new ArrayList<String>();
        for (var status : statuses.get()) {
            var state = status.version() + " " + status.state();
            if (!state.equals(told.put(status.id(), state)) || isDue) {
                lines.add(MAPPER.writeValueAsString(line(status)));
            }
        }
        return lines;
    }

    private Map<String, Object> line(PluginStatus status) {
        var line = new LinkedHashMap<String, Object>();
        line.put("plugin", status.id().value());
        line.put("version", status.version());
        line.put("state", status.state().name());
        line.put("reason", status.reason());
        line.put("leases", status.leases());
        var figures = calls.apply(status.id()).stream()
                .filter(each -> each.version().equals(status.version()))
                .toList();
        line.put("calls", figures.stream().mapToLong(Calls::calls).sum());
        line.put("failed", figures.stream().mapToLong(Calls::failed).sum());
        line.put("methods", figures.stream().map(HealthLines::method).toList());
        line.put("others", status.others().stream().map(HealthLines::other).toList());
        return line;
    }

    private static Map<String, Object> method(Calls figures) {
        var line = new LinkedHashMap<String, Object>();
        line.put("method", figures.method());
        line.put("calls", figures.calls());
        line.put("failed", figures.failed());
        line.put("inFlight", figures.inFlight());
        line.put("medianMicros", TimeUnit.NANOSECONDS.toMicros(figures.median().toNanos()));
        line.put("p99Micros", TimeUnit.NANOSECONDS.toMicros(figures.p99().toNanos()));
        return line;
    }

    private static Map<String, Object> other(PluginStatus.VersionStatus version) {
        var line = new LinkedHashMap<String, Object>();
        line.put("version", version.version());
        line.put("state", version.state().name());
        line.put("reason", version.reason());
        line.put("leases", version.leases());
        line.put("ageSeconds", version.age().toSeconds());
        return line;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
