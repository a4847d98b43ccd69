package io.slipway.manager.outbox;

import io.slipway.event.api.EventListener;
import io.slipway.manager.api.SessionEventListener;
import io.slipway.manager.store.OutboxStore;
import io.slipway.manager.store.SessionEvent;
import io.slipway.model.event.Event;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the listeners of this manager what the bus brings, whichever manager has published it. A listener that throws does not
 * hold up the others, nor the event: it has its own way to catch up.
 */
final class SessionEventDelivery implements EventListener {

    private static final Logger LOG = LoggerFactory.getLogger(SessionEventDelivery.class);
    private static final int BATCH = 500;
    /** Ids are given before a commit: one that is smaller than the last told by more than that has long been told. */
    private static final long OVERLAP = 2_000;

    private final OutboxStore store;
    private final Supplier<List<SessionEventListener>> listeners;
    private long last = -1; // told by one thread at a time, which the bus sees to

    SessionEventDelivery(OutboxStore store, Supplier<List<SessionEventListener>> listeners) {
        this.store = store;
        this.listeners = listeners;
    }

    @Override
    public void happened(Event event) {
        tell(SessionEventForm.fromBus(event));
    }

    /** Tells again what the outbox has kept since shortly before the last event that was told. */
    @Override
    public void missed(String why) {
        if (last < 0) {
            return; // who has heard nothing yet has just looked for itself
        }
        var after = last - OVERLAP;
        LOG.info("Events may be missing ({}); those after id={} are told again", why, after);
        List<SessionEvent> kept;
        do {
            kept = store.keptAfter(after, BATCH);
            kept.forEach(this::tell);
            after = kept.isEmpty() ? after : kept.getLast().id();
        } while (kept.size() == BATCH);
    }

    private void tell(SessionEvent event) {
        last = Math.max(last, event.id());
        listeners.get().forEach(listener -> tell(listener, event));
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
