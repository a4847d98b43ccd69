package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginStatus.State;
import io.slipway.plugin.api.PluginStatus.VersionStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;

/** Knows of versions that do not serve why they do not, and which one is on probation. Thread-safe. */
final class VersionBook {

    private static final int MOST = 5;

    private final Map<PluginId, List<Entry>> entries = new ConcurrentHashMap<>(); // lists are replaced, never changed
    private final Map<PluginId, Probation> probations = new ConcurrentHashMap<>();

    private record Entry(
            String version,
            State state,
            String words,
            @Nullable Bundle bundle,
            long since) {}

    /** Notes where a version stands from now on, in place of what was noted of it. */
    void note(PluginId id, String version, State state, String words, @Nullable Bundle bundle) {
        var entry = new Entry(version, state, words, bundle, System.nanoTime());
        entries.merge(id, List.of(entry), (known, added) -> {
            var next = new ArrayList<>(added);
            known.stream()
                    .filter(each -> !each.version().equals(version))
                    .limit(MOST - 1L)
                    .forEach(next::add);
            return List.copyOf(next);
        });
    }

    /** Notes that a version is being given up, unless that is noted; returns for how long it has been. */
    Duration noteDraining(PluginId id, String version, Bundle bundle) {
        var begin = draining(id, version);
        if (begin.isEmpty()) {
            note(id, version, State.DRAINING, "", bundle);
        }
        return Duration.ofNanos(begin.map(since -> System.nanoTime() - since).orElse(0L));
    }

    private Optional<Long> draining(PluginId id, String version) {
        return entries.getOrDefault(id, List.of()).stream()
                .filter(each -> each.version().equals(version) && each.state() == State.DRAINING)
                .map(Entry::since)
                .findFirst();
    }

    /** Returns the plug-ins of which something is noted. */
    Set<PluginId> ids() {
        return Set.copyOf(entries.keySet());
    }

    /** Forgets a version: it serves, or is gone without anything to say. */
    void forget(PluginId id, String version) {
        entries.computeIfPresent(id, (any, known) -> {
            var next = known.stream()
                    .filter(each -> !each.version().equals(version))
                    .toList();
            return next.isEmpty() ? null : next;
        });
    }

    void begin(PluginId id, Probation probation) {
        probations.put(id, probation);
    }

    void end(PluginId id) {
        probations.remove(id);
    }

    Optional<Probation> probation(PluginId id) {
        return Optional.ofNullable(probations.get(id));
    }

    List<VersionStatus> others(PluginId id, ProviderTracker tracker) {
        return entries.getOrDefault(id, List.of()).stream()
                .filter(entry -> !isGone(entry))
                .map(entry -> status(entry, tracker))
                .toList();
    }

    /** What could not be stopped in time may have stopped by now. */
    private static boolean isGone(Entry entry) {
        return entry.state() == State.FAILED
                && entry.bundle() != null
                && entry.bundle().getState() == Bundle.UNINSTALLED;
    }

    private static VersionStatus status(Entry entry, ProviderTracker tracker) {
        var bundle = entry.bundle();
        var leases = bundle == null ? 0 : tracker.providersOf(bundle).leases();
        var age = Duration.ofNanos(System.nanoTime() - entry.since());
        var words = entry.state() == State.DRAINING || (leases > 0 && entry.state() == State.STANDBY)
                ? "draining with " + leases + " leases of at least " + age.toSeconds() + " s"
                : entry.words();
        return new VersionStatus(entry.version(), entry.state(), words, leases, age);
    }
}
