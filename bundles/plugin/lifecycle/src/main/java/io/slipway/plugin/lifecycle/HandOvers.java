package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.HandedState;
import io.slipway.plugin.lifecycle.ProviderTracker.Registered;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The hand-over of all plug-ins of a change, forth and back, all of them or none. */
final class HandOvers {

    private static final Logger LOG = LoggerFactory.getLogger(HandOvers.class);

    private final SwapParts parts;
    private final List<Swap> swaps;
    private final List<Swap> evicted = new ArrayList<>();
    private final Map<InstalledPlugin, List<Registered>> stopped = new HashMap<>(); // with what they provided
    private @Nullable HandOver present; // holds its gates; null if no hand-over is under way

    HandOvers(SwapParts parts, List<Swap> swaps) {
        this.parts = parts;
        this.swaps = swaps;
    }

    /** From the old versions to the new ones; calls wait until {@link #complete} or {@link #undo}. */
    void forth() throws SwapRefusedException, InterruptedException {
        var pairs = new ArrayList<HandOver.Pair>();
        swaps.forEach(swap -> pairs.addAll(pairs(swap.oldBundle(), swap.successorBundle())));
        begin(new HandOver(parts.bundles(), pairs, this::stop, this::renew, null));
    }

    /**
     * From the new versions to the old ones, as they are registered by now. A new one that does not let go is stopped.
     *
     * @throws SwapRefusedException if an old one cannot take over: the new ones own everything as before
     */
    void back() throws SwapRefusedException, InterruptedException {
        var pairs = new ArrayList<HandOver.Pair>();
        swaps.forEach(swap -> pairs.addAll(pairs(swap.successorBundle(), swap.oldBundle())));
        var force = new HandOver.Force(parts.bundles().within(parts.limits().removal()), this::evict);
        begin(new HandOver(parts.bundles(), pairs, this::stop, this::renew, force));
    }

    private static List<Bundle> old(Swap swap) {
        var bundle = swap.oldBundle();
        return bundle == null ? List.of() : List.of(bundle);
    }

    private List<HandOver.Pair> pairs(@Nullable Bundle from, @Nullable Bundle to) {
        return HandOver.pairs(
                parts.tracker().registeredBy(from), parts.tracker().registeredBy(to));
    }

    private void begin(HandOver next) throws SwapRefusedException, InterruptedException {
        next.perform();
        present = next;
    }

    /** Callers are sent to the old version first: they wait at its gate while the new one is stopped. */
    private void evict(VersionedProvider provider) throws InterruptedException {
        for (var swap : swaps) {
            if (hasRegistered(swap.successorBundle(), provider)) {
                parts.tracker().replaceUnheard(List.of(swap.successorBundle()), old(swap));
                evicted.add(swap);
                stop(swap.successor(), provider);
            }
        }
    }

    /** One that failed to take over goes in any case; stopped now, it cannot keep what the one before needs again. */
    private void stop(VersionedProvider provider) throws InterruptedException {
        for (var swap : swaps) {
            if (hasRegistered(swap.successorBundle(), provider)) {
                stop(swap.successor(), provider);
            } else if (hasRegistered(swap.oldBundle(), provider)) {
                stop(swap.old().orElseThrow(), provider);
            }
        }
    }

    /** Stopped, they own nothing; started as those that serve, they take everything. */
    private Map<VersionedProvider, VersionedProvider> renew(VersionedProvider provider, HandOver.States states)
            throws InterruptedException {
        for (var swap : swaps) {
            for (var plugin : List.of(swap.old().orElse(swap.successor()), swap.successor())) {
                var isThere = hasRegistered(plugin.bundle(), provider);
                var before = isThere
                        ? parts.tracker().registeredBy(plugin.bundle())
                        : stopped.getOrDefault(plugin, List.of());
                if (before.stream().anyMatch(each -> each.provider().equals(provider))) {
                    var handed = new HashMap<VersionedProvider, HandedState>();
                    for (var each : before) {
                        states.of(each.provider()).ifPresent(state -> handed.put(each.provider(), state));
                    }
                    if (isThere) {
                        stop(plugin, provider);
                    }
                    if (evicted.remove(swap)) {
                        parts.tracker().replace(old(swap), List.of(swap.successorBundle()));
                    }
                    return startAgain(plugin, before, handed);
                }
            }
        }
        return Map.of();
    }

    private Map<VersionedProvider, VersionedProvider> startAgain(
            InstalledPlugin plugin, List<Registered> before, Map<VersionedProvider, HandedState> handed)
            throws InterruptedException {
        var bundle = Objects.requireNonNull(plugin.bundle());
        var tracker = parts.tracker();
        stopped.remove(plugin);
        tracker.forgetFaultOf(bundle);
        tracker.handTo(
                bundle,
                next -> before.stream()
                        .filter(each -> isOfSameKind(each.provider(), next))
                        .map(each -> handed.get(each.provider()))
                        .filter(Objects::nonNull)
                        .findFirst());
        try {
            var failure = parts.bundles().start(plugin).failure();
            LOG.warn("{} {} is started again: {}", plugin.id(), plugin.version(), failure);
            var _ = Wait.until(
                    parts.limits().start(),
                    () -> !failure.isEmpty()
                            || !tracker.faultOf(bundle).isEmpty()
                            || successors(bundle, before).size() == before.size());
        } finally {
            tracker.handTo(bundle, null);
        }
        return successors(bundle, before);
    }

    private Map<VersionedProvider, VersionedProvider> successors(Bundle bundle, List<Registered> before) {
        var successors = new HashMap<VersionedProvider, VersionedProvider>();
        for (var one : before) {
            parts.tracker().registeredBy(bundle).stream()
                    .filter(each -> each.spis().equals(one.spis()) && isOfSameKind(each.provider(), one.provider()))
                    .map(Registered::provider)
                    .filter(each -> !each.equals(one.provider()) && !successors.containsValue(each))
                    .findFirst()
                    .ifPresent(each -> successors.put(one.provider(), each));
        }
        return successors;
    }

    private static boolean isOfSameKind(VersionedProvider one, VersionedProvider other) {
        return one.id().equals(other.id())
                && one.service()
                        .getClass()
                        .getName()
                        .equals(other.service().getClass().getName());
    }

    private boolean hasRegistered(@Nullable Bundle bundle, VersionedProvider provider) {
        return parts.tracker().registeredBy(bundle).stream()
                .anyMatch(each -> each.provider().equals(provider));
    }

    private void stop(InstalledPlugin plugin, VersionedProvider provider) throws InterruptedException {
        var providers = parts.tracker().registeredBy(plugin.bundle());
        stopped.putIfAbsent(plugin, providers);
        providers.forEach(each -> each.provider().abandon());
        parts.bundles()
                .within(parts.limits().removal())
                .stop(plugin)
                .ifPresent(why -> LOG.error("{} cannot be stopped: {}", provider, why));
    }

    /** Gives back what was handed over and not completed; returns what could not be given back, in words. */
    String undo() throws InterruptedException {
        var begun = present;
        present = null;
        return begun == null ? "" : begun.undo();
    }

    void complete() {
        var begun = present;
        present = null;
        if (begun != null) {
            begun.complete();
        }
    }
}
