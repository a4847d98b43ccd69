package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Providers of the version that serves which were taken away alone, not with their bundle: the component runtime does so when
 * it makes a component anew, as with other settings. Their place is kept for a limited time, and callers wait. Thread-safe.
 */
final class Absences {

    private static final Logger LOG = LoggerFactory.getLogger(Absences.class);

    private final List<Absent> all = new CopyOnWriteArrayList<>();
    private final Duration limit;
    private final Runnable onEnd;

    /**
     * One provider.
     *
     * @param spis names of the interfaces
     */
    private record Absent(Bundle bundle, VersionedProvider provider, Set<String> spis) {}

    /**
     * Creates none.
     *
     * @param limit how long a place is kept; zero keeps none
     * @param onEnd called when one has not come back within the limit
     */
    Absences(Duration limit, Runnable onEnd) {
        this.limit = limit;
        this.onEnd = onEnd;
    }

    void begin(Bundle bundle, VersionedProvider provider, Set<String> spis) {
        if (limit.isZero()) {
            return;
        }
        var absent = new Absent(bundle, provider, spis);
        provider.leave();
        all.add(absent);
        CompletableFuture.delayedExecutor(limit.toNanos(), TimeUnit.NANOSECONDS, Thread::startVirtualThread)
                .execute(() -> {
                    if (all.remove(absent)) {
                        LOG.error("{} has gone and did not come back within {}", provider, limit);
                        onEnd.run();
                    }
                });
    }

    /** Somebody is back in the place. */
    void end(Bundle bundle, PluginId id, Set<String> spis) {
        all.removeIf(each -> each.bundle().equals(bundle)
                && each.provider().id().equals(id)
                && each.spis().stream().anyMatch(spis::contains));
    }

    /** Nobody comes back any more. */
    void endAll() {
        all.clear();
    }

    /** Keeps the places in a map from SPI to id to provider. */
    void addTo(Map<String, SortedMap<PluginId, VersionedProvider>> bySpi, Predicate<Bundle> isServing) {
        for (var each : all) {
            if (isServing.test(each.bundle())) {
                each.spis()
                        .forEach(spi -> bySpi.computeIfAbsent(spi, any -> new TreeMap<>())
                                .putIfAbsent(each.provider().id(), each.provider()));
            }
        }
    }
}
