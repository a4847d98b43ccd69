package io.slipway.manager.outbox;

import io.slipway.manager.store.OutboxStore;
import io.slipway.manager.store.SessionEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishing step by step: claim, give to the bus, mark and claim the next. Used by one thread.
 *
 * <p>An event is marked after the bus had it, so that a crash between the two publishes it again rather than never. What the
 * bus does not take stays unpublished.
 */
final class Relay {

    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

    private final OutboxStore store;
    private final Consumer<List<SessionEvent>> bus;
    private final InstantSource clock;
    private final String publisher;
    private final Limits limits;
    private Instant nextPurge = Instant.MIN;

    // given to the bus, not marked yet
    private List<Long> given = List.of();

    /**
     * How much and how long.
     *
     * @param batch events per claim
     * @param claim how long a claim holds if its publisher dies
     * @param retention how long published events are kept
     * @param purgeEvery pause between two purges
     */
    record Limits(int batch, Duration claim, Duration retention, Duration purgeEvery) {}

    Relay(OutboxStore store, Consumer<List<SessionEvent>> bus, InstantSource clock, String publisher, Limits limits) {
        this.store = store;
        this.bus = bus;
        this.clock = clock;
        this.publisher = publisher;
        this.limits = limits;
    }

    /**
     * Marks what was published before, and publishes the next batch; returns whether there was one. Call until there is none:
     * the last batch is marked only then.
     */
    boolean publishBatch() {
        var now = clock.instant();
        var events = store.publishedAndClaim(given, publisher, now, now.plus(limits.claim()), limits.batch());
        given = List.of();
        if (!events.isEmpty()) {
            bus.accept(events);
        }
        given = events.stream().map(SessionEvent::id).toList();
        return !given.isEmpty();
    }

    /** Marks what was published, if no further batch is to be. */
    void settle() {
        if (!given.isEmpty()) {
            store.published(given, clock.instant());
            given = List.of();
        }
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
