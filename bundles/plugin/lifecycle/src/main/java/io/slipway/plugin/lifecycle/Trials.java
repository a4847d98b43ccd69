package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.CallCosts;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginStatus.State;
import io.slipway.plugin.api.SwapStep;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The probation of all plug-ins of a change: one that is bad takes all of them back. */
final class Trials {

    private static final Logger LOG = LoggerFactory.getLogger(Trials.class);
    private static final long LOOK_EVERY_MILLIS = 20;

    /** How long a call that failed waits for a provider of the version before that is made anew. */
    private static final Duration REMAKING = Duration.ofSeconds(2);

    private final SwapParts parts;
    private final List<Swap> swaps;
    private final Map<PluginId, Probation> probations = new HashMap<>();
    private final Map<PluginId, List<ProviderTracker.Registered>> provided = new HashMap<>();
    /** Who helps out for each provider on trial; calls that began on probation know it, and may last longer than it is there. */
    private final Map<VersionedProvider, VersionedProvider> standbys = new ConcurrentHashMap<>();

    private final CountDownLatch isTakenBack = new CountDownLatch(1);
    private boolean isOpen; // for orders to go back; guarded by this
    private volatile String order = "";

    Trials(SwapParts parts, List<Swap> swaps) {
        this.parts = parts;
        this.swaps = swaps;
    }

    /** Measures from now on; call it before the new versions serve. */
    void begin() {
        for (var swap : swaps) {
            var before = swap.oldBundle();
            provided.put(swap.id(), parts.tracker().registeredBy(swap.successorBundle()));
            if (before != null) {
                begin(
                        swap,
                        HandOver.pairs(
                                parts.tracker().registeredBy(before),
                                parts.tracker().registeredBy(swap.successorBundle())));
            }
        }
        synchronized (this) {
            isOpen = !probations.isEmpty();
        }
    }

    private void begin(Swap swap, List<HandOver.Pair> pairs) {
        var figures = new TreeMap<String, CallFigures>();
        for (var pair : pairs) {
            if (pair.from() != null) {
                pair.from()
                        .face()
                        .meter()
                        .figures()
                        .forEach((name, each) -> figures.merge(name, each, CallFigures::plus));
            }
        }
        var meters = pairs.stream()
                .map(HandOver.Pair::to)
                .<CallMeter>mapMulti((to, found) -> {
                    if (to != null) {
                        found.accept(to.face().meter());
                    }
                })
                .toList();
        var probation = new Probation(parts.limits().probation(), figures, meters);
        for (var pair : pairs) {
            var before = pair.from();
            var onTrial = pair.to();
            if (onTrial != null) {
                if (before != null) {
                    standbys.put(onTrial, before);
                }
                onTrial.face().tryOut(new ProviderFace.Trial(() -> standby(swap, onTrial), probation));
            }
        }
        probations.put(swap.id(), probation);
        parts.book().begin(swap.id(), probation);
    }

    /** An edit of the installation's settings makes a provider of the version before anew; the new one has its own. */
    private @Nullable VersionedProvider standby(Swap swap, VersionedProvider onTrial) {
        var before = standbys.get(onTrial);
        if (before == null) {
            return null;
        }
        var found = new AtomicReference<@Nullable VersionedProvider>();
        var _ = Wait.until(REMAKING, () -> {
            found.set(presentStandby(before, swap, onTrial));
            return found.get() != null;
        });
        return found.get();
    }

    private @Nullable VersionedProvider presentStandby(VersionedProvider before, Swap swap, VersionedProvider onTrial) {
        if (parts.tracker().isRegistered(before)) {
            return before;
        }
        var pairs = HandOver.pairs(
                parts.tracker().registeredBy(swap.successorBundle()),
                parts.tracker().registeredBy(swap.oldBundle()));
        for (var pair : pairs) {
            if (onTrial.equals(pair.from())) {
                return pair.to();
            }
        }
        return null;
    }

    /** Ends the wait for the verdict, or for the drain behind it; false if nobody waits. */
    synchronized boolean takeBack(String why) {
        if (isOpen && isTakenBack.getCount() > 0) {
            order = why;
            isTakenBack.countDown();
        }
        return isOpen;
    }

    /** Waits a moment for an order to go back; returns whether there is one. */
    boolean awaitOrder() throws InterruptedException {
        return isTakenBack.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Takes no more orders; returns the one there was. */
    synchronized Optional<String> close() {
        isOpen = false;
        if (isTakenBack.getCount() > 0) {
            forgetStandbys();
        }
        return isTakenBack.getCount() == 0 ? Optional.of(order) : Optional.empty();
    }

    /** Waits until all have passed, or one is bad: then it returns the reason, and they are measured on. */
    Optional<String> reasonToGoBack() throws InterruptedException {
        if (probations.isEmpty()) {
            return Optional.empty();
        }
        enter();
        var end = System.nanoTime() + window().toNanos();
        var reason = reason();
        while (reason.isEmpty() && System.nanoTime() - end < 0) {
            var _ = awaitOrder();
            reason = reason();
        }
        if (reason.isEmpty()) {
            pass();
        }
        return reason;
    }

    /** The new versions serve already: a line that cannot be written does not stop them. */
    private void enter() {
        for (var swap : swaps) {
            var before = swap.oldBundle();
            if (before != null) {
                parts.book()
                        .note(
                                swap.id(),
                                swap.oldVersion(),
                                State.STANDBY,
                                "it stands by while " + swap.version() + " is on probation",
                                before);
                try {
                    swap.enter(SwapStep.PROBATION);
                } catch (IOException e) {
                    LOG.error("The probation of {} is not in the journal", swap.id(), e);
                }
            }
        }
    }

    /** The longest window of any SPI that is provided. */
    private Duration window() {
        return swaps.stream()
                .flatMap(swap -> parts.tracker().providersOf(swap.successorBundle()).spis().stream())
                .map(spi -> parts.limits().probation().apply(spi).window())
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    private Optional<String> reason() {
        if (isTakenBack.getCount() == 0) {
            return Optional.of(order);
        }
        for (var swap : swaps) {
            var probation = probations.get(swap.id());
            var verdict = probation == null
                    ? Optional.<String>empty()
                    : probation.verdict().or(() -> missing(swap));
            if (verdict.isPresent()) {
                return swaps.size() == 1 ? verdict : verdict.map(why -> swap.id() + " " + swap.version() + ": " + why);
            }
        }
        return Optional.empty();
    }

    /** A provider that went, or was made anew, is not the one that is on probation: nobody watches what takes its place. */
    private Optional<String> missing(Swap swap) {
        return provided.getOrDefault(swap.id(), List.of()).stream()
                .filter(each -> !parts.tracker().isRegistered(each.provider()))
                .findFirst()
                .map(each -> "it has taken away " + Provision.of(List.of(each)) + " " + lack(swap));
    }

    private String lack(Swap swap) {
        return parts.reasons().of(swap.successorBundle()).words();
    }

    private void pass() {
        end();
        for (var swap : swaps) {
            var probation = probations.get(swap.id());
            if (probation != null) {
                try {
                    swap.journal("passed", probation.calls() + " calls" + remarks(probation.costs(), "; "));
                    parts.reached().accept("passed");
                } catch (IOException e) {
                    LOG.error("That {} has passed is not in the journal", swap.id(), e);
                }
            }
        }
    }

    /** Lets calls go to the new versions alone. */
    void end() {
        for (var swap : swaps) {
            parts.tracker()
                    .registeredBy(swap.successorBundle())
                    .forEach(each -> each.provider().face().tryOut(null));
            parts.book().end(swap.id());
        }
    }

    /** They may go. */
    void forgetStandbys() {
        standbys.clear();
    }

    CallCosts costs(PluginId id) {
        var probation = probations.get(id);
        return probation == null ? CallCosts.NONE : probation.costs();
    }

    /** What the probation has cost, in words; empty if nothing. */
    String remark(PluginId id) {
        return remarks(costs(id), "");
    }

    private static String remarks(CallCosts costs, String before) {
        return costs.named().isEmpty() ? "" : before + "on probation " + String.join("; ", costs.named());
    }
}
