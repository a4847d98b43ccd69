package io.slipway.manager.session;

import io.slipway.manager.store.OutboxStore;
import io.slipway.manager.store.SessionEvent;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/**
 * What happened while a listener was away, read from the outbox a page at a time, and what of it need not be told when it is
 * published: a server that died publishes its last events once more. Confined to one thread.
 *
 * <p>Where transactions commit side by side, an event may have been stored only after one with a larger id was told. So those
 * shortly before the last one that the listener had are told once more there: maybe twice, but none never.
 */
final class MissedEvents {

    private static final int PAGE = 200;
    /** So many ids before the last that the listener had are looked at, too. */
    private static final int LOOKED_BACK = 1_000;
    /** Longer than any transaction goes on after its events have their time. */
    private static final Duration LATE = Duration.ofSeconds(60);

    private static final int MOST_KNOWN = 4_000;

    private final OutboxStore outbox;
    private final long after;
    private final SequencedSet<Long> known = new LinkedHashSet<>();
    private long read;
    private boolean isBegun;
    private boolean isAll;

    /**
     * Reads nothing yet.
     *
     * @param after id of the last event that the listener had
     */
    MissedEvents(OutboxStore outbox, long after) {
        this.outbox = outbox;
        this.after = after;
        this.read = after;
    }

    /** Returns the id of the last event that the listener had. */
    long after() {
        return after;
    }

    /** Returns whether everything was read. */
    boolean isAll() {
        return isAll;
    }

    /** Reads the next page, in order; the same again until it is {@link #taken}. The first one may be empty. */
    List<SessionEvent> page() {
        return isBegun ? outbox.keptAfter(read, PAGE) : lookBack();
    }

    /** Goes on to the next page. */
    void taken(List<SessionEvent> page) {
        if (!isBegun) {
            isBegun = true;
        } else if (page.isEmpty()) {
            isAll = true;
        } else {
            read = page.getLast().id();
        }
    }

    private List<SessionEvent> lookBack() {
        // an id for each at most: all of them are on this page
        var earlier = outbox.keptAfter(after - LOOKED_BACK, LOOKED_BACK).stream()
                .filter(event -> event.id() <= after)
                .toList();
        earlier.forEach(this::told);
        if (outbox.isInOrder() || earlier.isEmpty() || earlier.getLast().id() != after) {
            return List.of();
        }
        var since = earlier.getLast().at().minus(LATE);
        return earlier.stream()
                .filter(event -> event.id() < after && !event.at().isBefore(since))
                .toList();
    }

    /** Remembers that an event was told. */
    void told(SessionEvent event) {
        known.add(event.id());
        if (known.size() > MOST_KNOWN) {
            known.removeFirst();
        }
    }

    /** Returns whether an event that is published was told already. */
    boolean isKnown(SessionEvent event) {
        if (known.isEmpty()) {
            return false;
        }
        if (event.id() > known.getLast() + LOOKED_BACK) {
            known.clear(); // long past: nothing of it comes any more
        }
        return known.contains(event.id());
    }
}
