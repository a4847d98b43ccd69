package io.slipway.manager.outbox;

import io.slipway.manager.api.SessionEventListener;
import io.slipway.manager.store.OutboxStore;
import io.slipway.manager.store.SessionEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishing step by step: claim, tell, mark and claim the next. Used by one thread.
 *
 * <p>An event is marked after every listener had it, so that a crash between the two tells it again rather than never. A
 * listener that throws does not hold up the others, nor the event: it has its own way to catch up.
 */
final class Relay {

    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

    private final OutboxStore store;
    private final Supplier<List<SessionEventListener>> listeners;
    private final InstantSource clock;
    private final String publisher;
    private final Limits limits;
    private Instant nextPurge = Instant.MIN;

    // told to every listener, not marked yet
    private List<Long> told = List.of();

    /**
     * How much and how long.
     *
     * @param batch events per claim
     * @param claim how long a claim holds if its publisher dies
     * @param retention how long published events are kept
     * @param purgeEvery pause between two purges
     */
    record Limits(int batch, Duration claim, Duration retention, Duration purgeEvery) {}

    Relay(
            OutboxStore store,
            Supplier<List<SessionEventListener>> listeners,
            InstantSource clock,
            String publisher,
            Limits limits) {
        this.store = store;
        this.listeners = listeners;
        this.clock = clock;
        this.publisher = publisher;
        this.limits = limits;
    }

    /**
     * Marks what was told before, and publishes the next batch; returns whether there was one. Call until there is none:
     * what the last batch told is marked only then.
     */
    boolean publishBatch() {
        var now = clock.instant();
        var events = store.publishedAndClaim(told, publisher, now, now.plus(limits.claim()), limits.batch());
        told = List.of();
        var present = listeners.get();
        events.forEach(event -> present.forEach(listener -> tell(listener, event)));
        told = events.stream().map(SessionEvent::id).toList();
        return !told.isEmpty();
    }

    /** Marks what was told, if no further batch is to be published. */
    void settle() {
        if (!told.isEmpty()) {
            store.published(told, clock.instant());
            told = List.of();
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

    @SuppressWarnings("IllegalCatch") // thread boundary: one bad listener must not keep events from the others
    private static void tell(SessionEventListener listener, SessionEvent event) {
        try {
            listener.happened(event);
        } catch (RuntimeException e) {
            LOG.error(
                    "Listener {} failed on event={} session={}",
                    listener.getClass().getName(),
                    event.id(),
                    event.session(),
                    e);
        }
    }
}
