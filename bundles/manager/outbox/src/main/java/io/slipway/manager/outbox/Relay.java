package io.slipway.manager.outbox;

import io.slipway.manager.store.OutboxStore;
import io.slipway.manager.store.SessionEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishing step by step: from the store, claim, publish, mark and claim the next; or what the store gave by itself, which is
 * published at once and marked later, much of it at a time. Used by one thread.
 *
 * <p>An event is marked after it was published, so that a crash between the two publishes it again rather than never.
 */
final class Relay {

    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
    private static final int MOST_UNMARKED = 1_000;

    private final OutboxStore store;
    private final Consumer<List<SessionEvent>> target;
    private final InstantSource clock;
    private final String publisher;
    private final Limits limits;
    private Instant nextPurge = Instant.MIN;

    // published, not marked yet
    private final List<Long> unmarked = new ArrayList<>();
    private Instant markAt = Instant.MAX;

    // what came from the store in this look and in the one before: it may still be given by itself
    private Set<Long> lookedUp = new HashSet<>();
    private Set<Long> lookedUpBefore = Set.of();

    /**
     * How much and how long.
     *
     * @param batch events per claim
     * @param claim how long a claim holds if its publisher dies
     * @param retention how long published events are kept
     * @param purgeEvery pause between two purges
     * @param markAfter how long a published event waits for others to be marked with
     */
    record Limits(int batch, Duration claim, Duration retention, Duration purgeEvery, Duration markAfter) {}

    /**
     * Creates one.
     *
     * @param target takes events in order, one list after the other; if it throws, none of a list counts as published
     */
    Relay(
            OutboxStore store,
            Consumer<List<SessionEvent>> target,
            InstantSource clock,
            String publisher,
            Limits limits) {
        this.store = store;
        this.target = target;
        this.clock = clock;
        this.publisher = publisher;
        this.limits = limits;
    }

    /**
     * Marks what was published before, and publishes the next batch of the store; returns whether there was one. Call until
     * there is none: what the last batch published is marked only then.
     */
    boolean publishBatch() {
        var now = clock.instant();
        var events = store.publishedAndClaim(unmarked, publisher, now, now.plus(limits.claim()), limits.batch());
        forgetUnmarked();
        publish(events, now);
        events.forEach(event -> lookedUp.add(event.id()));
        if (events.isEmpty()) {
            lookedUpBefore = lookedUp;
            lookedUp = new HashSet<>();
        }
        return !events.isEmpty();
    }

    /** Publishes what the store gave by itself, but for what a look into the store found before. */
    void publish(List<SessionEvent> fresh) {
        publish(
                fresh.stream()
                        .filter(event -> !lookedUp.contains(event.id()) && !lookedUpBefore.contains(event.id()))
                        .toList(),
                clock.instant());
    }

    private void publish(List<SessionEvent> events, Instant now) {
        if (events.isEmpty()) {
            return;
        }
        target.accept(events);
        if (unmarked.isEmpty()) {
            markAt = now.plus(limits.markAfter());
        }
        events.forEach(event -> unmarked.add(event.id()));
    }

    /** Marks what was published, if it is enough or has waited long enough. */
    void settleIfDue() {
        if (unmarked.size() >= MOST_UNMARKED || !clock.instant().isBefore(markAt)) {
            settle();
        }
    }

    /** Marks what was published. */
    void settle() {
        if (!unmarked.isEmpty()) {
            store.published(List.copyOf(unmarked), clock.instant());
            forgetUnmarked();
        }
    }

    private void forgetUnmarked() {
        unmarked.clear();
        markAt = Instant.MAX;
    }

    /** Deletes old published events if it is time for that. */
    void purgeIfDue() {
        var now = clock.instant();
        if (now.isBefore(nextPurge)) {
            return;
        }
        nextPurge = now.plus(limits.purgeEvery());
        var purged = store.purge(now.minus(limits.retention()));
        if (purged > 0) {
            LOG.debug("Purged {} published events", purged);
        }
    }
}
