package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.HandedState;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.Promotable;
import io.slipway.plugin.api.PromotionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets providers give what they own to others: calls wait, the old ones let go, the new ones take over. It holds the gates
 * from {@link #perform} to {@link #complete} or {@link #undo}; one thread does all of it.
 */
final class HandOver {

    private static final Logger LOG = LoggerFactory.getLogger(HandOver.class);
    private static final Duration INSIDE_LIMIT = Duration.ofSeconds(3);
    private static final Duration INSIDE_BAD_LIMIT = Duration.ofSeconds(1);
    private static final long LOOK_EVERY_NANOS = 200_000;

    private final PluginBundles bundles;
    private final @Nullable Force force;
    private final List<Pair> pairs;
    private final List<Pair> demoted = new ArrayList<>();
    private final List<Pair> promoted = new ArrayList<>();

    /**
     * One provider and the one that takes its place.
     *
     * @param from null if nobody did the same before
     * @param to null if nobody does the same from now on
     */
    record Pair(
            @Nullable VersionedProvider from,
            @Nullable VersionedProvider to,
            AtomicReference<Optional<HandedState>> state) {

        Pair(@Nullable VersionedProvider from, @Nullable VersionedProvider to) {
            this(from, to, new AtomicReference<>(Optional.empty()));
        }

        Pair reversed() {
            return new Pair(to, from);
        }
    }

    /**
     * How a bad version is made to let go: its calls may hang, and so may its demotion.
     *
     * @param bundles limits how long its demotion may take beside calls that hang
     * @param eviction stops who does not let go
     */
    record Force(PluginBundles bundles, Eviction eviction) {}

    /** Stops a provider. */
    interface Eviction {
        void evict(VersionedProvider provider) throws InterruptedException;
    }

    /**
     * Creates one.
     *
     * @param bundles limits how long a provider may take
     * @param force null if the one that lets go is in order: then it is asked, and may refuse
     */
    HandOver(PluginBundles bundles, List<Pair> pairs, @Nullable Force force) {
        this.bundles = bundles;
        this.force = force;
        this.pairs = pairs.stream()
                .filter(pair -> promotable(pair.from()) != null || promotable(pair.to()) != null)
                .toList();
    }

    /** Finds for each provider the one of the same id that is registered by one of the same interfaces. */
    static List<Pair> pairs(List<ProviderTracker.Registered> from, List<ProviderTracker.Registered> to) {
        var pairs = new ArrayList<Pair>();
        var rest = new ArrayList<>(to);
        for (var one : from) {
            var other = rest.stream().filter(each -> doTheSame(one, each)).findFirst();
            other.ifPresent(rest::remove);
            pairs.add(new Pair(
                    one.provider(),
                    other.map(ProviderTracker.Registered::provider).orElse(null)));
        }
        rest.forEach(one -> pairs.add(new Pair(null, one.provider())));
        return pairs;
    }

    private static boolean doTheSame(ProviderTracker.Registered one, ProviderTracker.Registered other) {
        return one.provider().id().equals(other.provider().id())
                && one.spis().stream().anyMatch(other.spis()::contains);
    }

    /** Lets the old ones go and the new ones take over; on a refusal everything is as before. */
    @SuppressWarnings("IllegalCatch") // whatever breaks off here would leave all callers at closed gates
    void perform() throws SwapRefusedException, InterruptedException {
        pairs.forEach(HandOver::close);
        try {
            var isEmpty = awaitEmpty();
            for (var pair : pairs) {
                letGo(pair, isEmpty);
            }
            for (var pair : pairs) {
                promote(pair);
            }
        } catch (SwapRefusedException e) {
            var rest = undo();
            throw rest.isEmpty() ? e : new SwapRefusedException(e.getMessage() + "; " + rest, e);
        } catch (RuntimeException e) {
            LOG.error("A hand-over broke off", e);
            var rest = undo();
            throw new SwapRefusedException("its hand-over broke off: " + e + (rest.isEmpty() ? "" : "; " + rest), e);
        } catch (InterruptedException e) {
            openAll();
            throw e;
        }
    }

    private static void close(Pair pair) {
        var from = gate(pair.from());
        var to = gate(pair.to());
        if (from != null) {
            from.close();
        }
        if (to != null) {
            to.close();
        }
    }

    /** Returns false if calls have not ended and that does not matter. */
    private boolean awaitEmpty() throws SwapRefusedException {
        var begin = System.nanoTime();
        var limit = force == null ? INSIDE_LIMIT : INSIDE_BAD_LIMIT;
        for (var pair : pairs) {
            var gate = gate(pair.from());
            while (gate != null && gate.inside() > 0) {
                if (System.nanoTime() - begin > limit.toNanos()) {
                    if (force != null) {
                        LOG.warn("{} has {} calls that do not end and goes all the same", pair.from(), gate.inside());
                        return false;
                    }
                    throw new SwapRefusedException(gate.inside() + " calls of the version in use have not ended within "
                            + limit.toSeconds() + " s");
                }
                LockSupport.parkNanos(LOOK_EVERY_NANOS);
            }
        }
        return true;
    }

    private void letGo(Pair pair, boolean isEmpty) throws SwapRefusedException, InterruptedException {
        var bad = force;
        var provider = pair.from();
        if (bad == null || provider == null) {
            demote(pair, bundles);
            return;
        }
        try {
            demote(pair, isEmpty ? bundles : bad.bundles());
        } catch (SwapRefusedException e) {
            LOG.error("{} does not let go and is stopped: {}", provider, e.getMessage());
            bad.eviction().evict(provider);
        }
    }

    private void demote(Pair pair, PluginBundles limited) throws SwapRefusedException, InterruptedException {
        var provider = pair.from();
        var promotable = promotable(provider);
        if (provider != null && promotable != null) {
            var state = new AtomicReference<Optional<HandedState>>(Optional.empty());
            run(limited, "demotion", provider.id(), () -> state.set(promotable.demote()));
            pair.state().set(Objects.requireNonNull(state.get()));
            demoted.add(pair);
        }
    }

    private void promote(Pair pair) throws SwapRefusedException, InterruptedException {
        var provider = pair.to();
        var promotable = promotable(provider);
        if (provider != null && promotable != null) {
            run(
                    bundles,
                    "promotion",
                    provider.id(),
                    () -> promotable.promote(Objects.requireNonNull(pair.state().get())));
            promoted.add(pair);
        }
    }

    private interface Action {
        void run() throws PromotionException;
    }

    private static void run(PluginBundles limited, String what, PluginId id, Action action)
            throws SwapRefusedException, InterruptedException {
        var refusal = new AtomicReference<@Nullable PromotionException>();
        var failure = limited.callUninterrupted(what, id, () -> {
            try {
                action.run();
            } catch (PromotionException e) {
                refusal.set(e);
            }
        });
        var refused = refusal.get();
        if (refused != null) {
            throw new SwapRefusedException("its " + what + " fails: " + refused.getMessage(), refused);
        }
        if (failure.isPresent()) {
            throw new SwapRefusedException("its " + what + " fails: " + failure.get());
        }
    }

    /** Gives everything back and lets calls in again; returns what could not be given back, in words. */
    String undo() throws InterruptedException {
        var faults = new ArrayList<String>();
        var taken = List.copyOf(promoted);
        var given = List.copyOf(demoted);
        for (var pair : taken) {
            giveBack(faults, () -> demote(pair.reversed(), bundles));
        }
        for (var pair : given) {
            giveBack(faults, () -> promote(new Pair(null, pair.from(), pair.state())));
        }
        openAll();
        return String.join("; ", faults);
    }

    private void openAll() {
        for (var pair : pairs) {
            open(gate(pair.from()), null);
            open(gate(pair.to()), null);
        }
    }

    private interface Step {
        void run() throws SwapRefusedException, InterruptedException;
    }

    private static void giveBack(List<String> faults, Step step) throws InterruptedException {
        try {
            step.run();
        } catch (SwapRefusedException e) {
            faults.add("the version in use: " + e.getMessage());
        }
    }

    /** Lets calls in: those to an old one go to the new one. */
    void complete() {
        for (var pair : pairs) {
            var to = pair.to();
            open(gate(to), null);
            open(gate(pair.from()), to == null ? null : to.face());
        }
    }

    private static void open(@Nullable HandOverGate gate, @Nullable ProviderFace inItsPlace) {
        if (gate != null) {
            gate.open(inItsPlace);
        }
    }

    private static @Nullable HandOverGate gate(@Nullable VersionedProvider provider) {
        return provider == null ? null : provider.face().gate();
    }

    private static @Nullable Promotable promotable(@Nullable VersionedProvider provider) {
        return provider != null && provider.service() instanceof Promotable promotable ? promotable : null;
    }
}
