package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.HandedState;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.Promotable;
import io.slipway.plugin.api.PromotionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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

    /** Who lets go late has let go, and must get everything back: nobody else can serve before it has ended. */
    private static final Duration LATE_DEMOTION = Duration.ofSeconds(30);

    /** Who takes late has taken, and can be asked to let go. Longer than that its callers would not wait. */
    private static final Duration LATE_PROMOTION = Duration.ofSeconds(5);

    private final PluginBundles bundles;
    private final Eviction eviction;
    private final Renewal renewal;
    private final @Nullable Force force;
    private final List<Pair> pairs;
    private final List<Pair> demoted = new ArrayList<>();
    private final List<Pair> promoted = new ArrayList<>();
    private final List<Pair> failed = new ArrayList<>(); // whose new one may have taken something all the same
    private final Map<Pair, Ending> doubtful = new LinkedHashMap<>(); // whose old one may have let something go
    private final Map<VersionedProvider, ProviderFace> renewed = new HashMap<>();

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

    /** Makes a provider anew, which takes what it owns as at the start of the server. */
    interface Renewal {

        /** Returns the new one; null if there is none. */
        @Nullable
        VersionedProvider renew(VersionedProvider provider) throws InterruptedException;
    }

    /**
     * Creates one.
     *
     * @param bundles limits how long a provider may take
     * @param eviction stops one that could not take over: what it has taken the one before must get again
     * @param renewal of one that broke off as it let go: nobody knows what it owns still
     * @param force null if the one that lets go is in order: then it is asked, and may refuse
     */
    HandOver(PluginBundles bundles, List<Pair> pairs, Eviction eviction, Renewal renewal, @Nullable Force force) {
        this.bundles = bundles;
        this.eviction = eviction;
        this.renewal = renewal;
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
            var ending = demote(pair, bundles);
            if (ending.isInDoubt()) {
                doubtful.put(pair, ending);
            }
            ending.check();
            return;
        }
        try {
            demote(pair, isEmpty ? bundles : bad.bundles()).check();
        } catch (SwapRefusedException e) {
            if (demoted.contains(pair)) {
                LOG.warn("{} has let go late: {}", provider, e.getMessage());
                return;
            }
            LOG.error("{} does not let go and is stopped: {}", provider, e.getMessage());
            bad.eviction().evict(provider);
        }
    }

    private Ending demote(Pair pair, PluginBundles limited) throws InterruptedException {
        var provider = pair.from();
        var promotable = promotable(provider);
        if (provider == null || promotable == null) {
            return Ending.DONE;
        }
        var ending = new Part(limited, "demotion", force == null ? LATE_DEMOTION : Duration.ZERO)
                .run(provider.id(), () -> pair.state().set(promotable.demote()));
        if (ending.isDone()) {
            demoted.add(pair);
        }
        return ending;
    }

    private void promote(Pair pair) throws SwapRefusedException, InterruptedException {
        var ending = take(pair, LATE_PROMOTION);
        (ending.isDone() ? promoted : failed).add(pair);
        ending.check();
    }

    private Ending take(Pair pair, Duration patience) throws InterruptedException {
        var provider = pair.to();
        var promotable = promotable(provider);
        return provider == null || promotable == null
                ? Ending.DONE
                : new Part(bundles, "promotion", patience)
                        .run(
                                provider.id(),
                                () -> promotable.promote(
                                        Objects.requireNonNull(pair.state().get())));
    }

    private interface Action {
        void run() throws PromotionException;
    }

    /**
     * How a provider's part ended.
     *
     * @param isDone whether it has done it, in time or not
     * @param isInDoubt whether it may have done some of it: it broke off, or has not ended
     * @param isOver whether it has ended
     * @param fault null if it has done it in time
     */
    private record Ending(
            boolean isDone,
            boolean isInDoubt,
            boolean isOver,
            @Nullable SwapRefusedException fault) {

        static final Ending DONE = new Ending(true, false, true, null);

        void check() throws SwapRefusedException {
            if (fault != null) {
                throw fault;
            }
        }
    }

    /**
     * A provider's part in this.
     *
     * @param patience how much longer than the limit its end is waited for: it is not interrupted, so it goes on
     */
    private record Part(PluginBundles limited, String what, Duration patience) {

        Ending run(PluginId id, Action action) throws InterruptedException {
            var refusal = new AtomicReference<@Nullable PromotionException>();
            var isDone = new AtomicBoolean();
            var ended = new CountDownLatch(1);
            var failure = limited.callUninterrupted(what, id, () -> {
                try {
                    action.run();
                    isDone.set(true);
                } catch (PromotionException e) {
                    refusal.set(e);
                } finally {
                    ended.countDown();
                }
            });
            var isOver = ended.await(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (!isOver) {
                LOG.error("The {} of {} goes on and is not waited for any longer", what, id);
            }
            var isSettled = isDone.get();
            var refused = refusal.get();
            var why = refused == null ? failure : Optional.of(String.valueOf(refused.getMessage()));
            return new Ending(
                    isSettled,
                    !isSettled && refused == null,
                    isOver,
                    why.map(words -> new SwapRefusedException("its " + what + " fails: " + words, refused))
                            .orElse(null));
        }
    }

    /** Gives everything back and lets calls in again; returns what could not be given back, in words. */
    String undo() throws InterruptedException {
        var faults = new ArrayList<String>();
        var given = List.copyOf(demoted);
        try {
            for (var pair : promoted) {
                takeAway(pair);
            }
            for (var pair : failed) {
                eviction.evict(Objects.requireNonNull(pair.to()));
            }
            for (var pair : given) {
                var ending = take(new Pair(null, pair.from(), pair.state()), LATE_DEMOTION);
                if (!ending.isDone() && ending.fault() != null) {
                    faults.add("the version in use: " + ending.fault().getMessage());
                }
            }
            for (var each : doubtful.entrySet()) {
                var from = Objects.requireNonNull(each.getKey().from());
                if (!isServingAgain(from, each.getValue().isOver())) {
                    faults.add("the version in use cannot be started again");
                }
            }
        } finally {
            openAll();
        }
        return String.join("; ", faults);
    }

    /** It takes what it may have let go, or all of it anew; one that is still about it cannot be asked. */
    private boolean isServingAgain(VersionedProvider provider, boolean isOver) throws InterruptedException {
        if (isOver && take(new Pair(null, provider), LATE_PROMOTION).isDone()) {
            return true;
        }
        LOG.error("{} broke off as it let go and is started again", provider);
        var next = renewal.renew(provider);
        if (next != null) {
            renewed.put(provider, next.face());
        }
        return next != null;
    }

    private void takeAway(Pair pair) throws InterruptedException {
        try {
            demote(pair.reversed(), bundles).check();
        } catch (SwapRefusedException e) {
            LOG.error("{} does not let go again and is stopped: {}", pair.to(), e.getMessage());
            eviction.evict(Objects.requireNonNull(pair.to()));
        }
    }

    /** Lets calls in: all go to who was there before. */
    private void openAll() {
        for (var pair : pairs) {
            var from = pair.from();
            var other = from == null ? null : renewed.get(from);
            open(gate(from), other);
            open(gate(pair.to()), from == null || other != null ? other : from.face());
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
