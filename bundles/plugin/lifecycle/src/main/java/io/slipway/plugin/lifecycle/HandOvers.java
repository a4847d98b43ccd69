package io.slipway.plugin.lifecycle;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
        try {
            begin(new HandOver(parts.bundles(), pairs, this::stop, this::renew, force));
        } catch (SwapRefusedException e) {
            for (var swap : evicted) {
                startAgain(swap);
            }
            throw e;
        }
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
                var old = swap.oldBundle();
                parts.tracker().replaceUnheard(List.of(swap.successorBundle()), old == null ? List.of() : List.of(old));
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

    /** Stopped, it owns nothing; started as the one that serves, it takes everything. */
    private @Nullable VersionedProvider renew(VersionedProvider provider) throws InterruptedException {
        for (var swap : swaps) {
            var bundle = swap.oldBundle();
            if (bundle != null && hasRegistered(bundle, provider)) {
                stop(swap.old().orElseThrow(), provider);
                var failure = parts.bundles().start(swap.old().orElseThrow()).failure();
                var _ = Wait.until(
                        parts.limits().start(),
                        () -> !failure.isEmpty()
                                || !parts.tracker().faultOf(bundle).isEmpty()
                                || successor(bundle, provider).isPresent());
                return successor(bundle, provider).orElse(null);
            }
        }
        return null;
    }

    private Optional<VersionedProvider> successor(Bundle bundle, VersionedProvider provider) {
        return parts.tracker().registeredBy(bundle).stream()
                .map(ProviderTracker.Registered::provider)
                .filter(each -> !each.equals(provider) && each.id().equals(provider.id()))
                .filter(each -> each.service()
                        .getClass()
                        .getName()
                        .equals(provider.service().getClass().getName()))
                .findFirst();
    }

    private boolean hasRegistered(@Nullable Bundle bundle, VersionedProvider provider) {
        return parts.tracker().registeredBy(bundle).stream()
                .anyMatch(each -> each.provider().equals(provider));
    }

    private void stop(InstalledPlugin plugin, VersionedProvider provider) throws InterruptedException {
        parts.tracker()
                .registeredBy(plugin.bundle())
                .forEach(each -> each.provider().abandon());
        parts.bundles()
                .within(parts.limits().removal())
                .stop(plugin)
                .ifPresent(why -> LOG.error("{} cannot be stopped: {}", provider, why));
    }

    /** Nobody else can serve. */
    private void startAgain(Swap swap) throws InterruptedException {
        var old = swap.oldBundle();
        parts.tracker().replace(old == null ? List.of() : List.of(old), List.of(swap.successorBundle()));
        var started = parts.bundles().start(swap.successor());
        LOG.warn("{} {} is started again: {}", swap.id(), swap.version(), started.failure());
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
