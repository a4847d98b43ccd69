package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.HandedState;
import io.slipway.plugin.api.Promotable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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
    private final Map<Pair, HandOverPart.Ending> doubtful = new LinkedHashMap<>(); // whose old one may have let some go
    private final List<VersionedProvider> evicted = new ArrayList<>(); // old ones that did not let go
    private final Map<VersionedProvider, VersionedProvider> renewed = new HashMap<>();

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

    /** Makes a provider anew, with all others of its bundle. They take what they own as at the start of the server. */
    interface Renewal {

        /**
         * Makes the bundle of a provider anew.
         *
         * @param states tells what each of them hands over; asked before they are stopped
         * @return who is in the place of each; without those that have not come back
         */
        Map<VersionedProvider, VersionedProvider> renew(VersionedProvider provider, States states)
                throws InterruptedException;
    }

    /** What providers hand over. */
    interface States {
        Optional<HandedState> of(VersionedProvider provider) throws InterruptedException;
    }

    /**
     * Creates one.
     *
     * @param bundles limits how long a provider may take
     * @param eviction stops one that could not take over: what it has taken the one before must get again
     * @param renewal of one of which nobody knows what it owns still, or that does not take again what it had
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
            evicted.add(provider);
            bad.eviction().evict(provider);
        }
    }

    private HandOverPart.Ending demote(Pair pair, PluginBundles limited) throws InterruptedException {
        var provider = pair.from();
        var promotable = promotable(provider);
        if (provider == null || promotable == null) {
            return HandOverPart.Ending.DONE;
        }
        var ending = new HandOverPart(limited, "demotion", force == null ? LATE_DEMOTION : Duration.ZERO)
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

    private HandOverPart.Ending take(Pair pair, Duration patience) throws InterruptedException {
        var provider = pair.to();
        var promotable = promotable(provider);
        return provider == null || promotable == null
                ? HandOverPart.Ending.DONE
                : new HandOverPart(bundles, "promotion", patience)
                        .run(
                                provider.id(),
                                () -> promotable.promote(
                                        Objects.requireNonNull(pair.state().get())));
    }

    /** Gives everything back and lets calls in again; returns what could not be given back as it was, in words. */
    String undo() throws InterruptedException {
        var given = List.copyOf(demoted);
        try {
            for (var pair : promoted) {
                takeAway(pair);
            }
            for (var pair : failed) {
                eviction.evict(Objects.requireNonNull(pair.to()));
            }
            return giveBack(given);
        } finally {
            openAll();
        }
    }

    /** Who does not take it again is made anew: nobody else can serve. */
    private String giveBack(List<Pair> given) throws InterruptedException {
        var lost = new LinkedHashMap<VersionedProvider, String>(); // and why, in words; empty if that is told already
        for (var pair : given) {
            var from = Objects.requireNonNull(pair.from());
            var fault = from.isAbandoned() ? "" : tryAgain(pair); // its bundle was stopped for another provider of it
            if (fault != null) {
                lost.put(from, fault);
            }
        }
        for (var each : doubtful.entrySet()) {
            if (!each.getValue().isOver()
                    || !take(backTo(each.getKey()), LATE_PROMOTION).isDone()) {
                lost.put(Objects.requireNonNull(each.getKey().from()), "");
            }
        }
        evicted.forEach(each -> lost.put(each, ""));
        var faults = new ArrayList<String>();
        for (var each : lost.entrySet()) {
            faults.add(revive(each.getKey(), each.getValue(), lost.keySet()));
        }
        faults.removeIf(String::isEmpty);
        return String.join("; ", faults);
    }

    private static Pair backTo(Pair pair) {
        return new Pair(null, pair.from(), pair.state());
    }

    /** Returns why not; null if it has everything again. What it refuses in one moment it may take in the next. */
    private @Nullable String tryAgain(Pair pair) throws InterruptedException {
        var ending = take(backTo(pair), LATE_DEMOTION);
        if (ending.isDone()) {
            return null;
        }
        var fault = ending.fault();
        LOG.error("{} does not take again what it had", pair.from(), fault);
        return ending.isOver() && take(backTo(pair), LATE_PROMOTION).isDone()
                ? null
                : fault == null ? "" : String.valueOf(fault.getMessage());
    }

    /** Returns in words what that has cost; empty if nothing that is not told already. */
    private String revive(VersionedProvider provider, String fault, Set<VersionedProvider> lost)
            throws InterruptedException {
        if (!renewed.containsKey(provider)) {
            LOG.error("{} may not own what it should and is started again", provider);
            renewed.putAll(renewal.renew(provider, each -> lastState(each, lost)));
        }
        var why = fault.isEmpty() ? "" : ": " + fault;
        if (!renewed.containsKey(provider)) {
            return "the version in use cannot be started again" + why;
        }
        return why.isEmpty() ? "" : "the version in use was started again" + why;
    }

    /**
     * One that goes only since another one of its bundle does is asked once more, unless it is gone already. What an owner
     * refuses to take, another start of it would refuse too: it takes what is in the world.
     */
    private Optional<HandedState> lastState(VersionedProvider provider, Set<VersionedProvider> lost)
            throws InterruptedException {
        for (var pair : pairs) {
            if (provider.equals(pair.from())) {
                var isRefused = lost.contains(provider) && !provider.isAbandoned();
                if (!lost.contains(provider)) {
                    var _ = demote(pair, bundles);
                }
                return isRefused
                        ? Optional.empty()
                        : Objects.requireNonNull(pair.state().get());
            }
        }
        return Optional.empty();
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
            var owner = from == null ? null : renewed.getOrDefault(from, from);
            var face = owner == null ? null : owner.face();
            open(gate(from), Objects.equals(owner, from) ? null : face);
            open(gate(pair.to()), face);
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
