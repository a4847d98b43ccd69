package io.slipway.manager.callbacks;

import io.slipway.model.session.SessionId;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is to be told: in order for each session, sessions beside each other, never more than fits. Thread-safe. */
final class Deliveries {

    /** So many calls are under way together; a receiver that hangs takes the place of others for a limited time only. */
    static final int AT_ONCE = 32;

    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
    private static final int MOST = 10_000;
    private static final int MOST_OF_ONE = 200;

    private final Courier courier;
    private final Semaphore places = new Semaphore(AT_ONCE);
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<SessionId, Queue<Delivery>> lanes = new HashMap<>();
    /** Also those that are being told. */
    private int waiting;

    private long dropped;
    private boolean isClosed;

    Deliveries(Courier courier) {
        this.courier = courier;
    }

    /**
     * One event.
     *
     * @param session whose
     * @param event its name
     * @param target who is told
     * @param json what
     */
    record Delivery(SessionId session, String event, URI target, String json) {}

    /** Takes an event, or drops it if too many wait. */
    void offer(Delivery delivery) {
        lock.lock();
        try {
            var known = lanes.get(delivery.session());
            var isFull = waiting >= MOST || (known != null && known.size() >= MOST_OF_ONE);
            if (isFull) {
                dropped++;
                if (Long.bitCount(dropped) == 1) { // the 1st, 2nd, 4th ...: many drops are few lines
                    LOG.warn(
                            "{} callbacks were dropped, now of session={}: {} wait",
                            dropped,
                            delivery.session(),
                            waiting);
                }
            }
            if (isFull || isClosed) {
                return;
            }
            waiting++;
            if (known == null) {
                var lane = new ArrayDeque<Delivery>();
                lane.add(delivery);
                lanes.put(delivery.session(), lane);
                Thread.ofVirtual()
                        .name("slipway-callback-" + delivery.session())
                        .start(() -> run(delivery.session(), lane));
            } else {
                known.add(delivery);
            }
        } finally {
            lock.unlock();
        }
    }

    private void run(SessionId session, Queue<Delivery> lane) {
        for (var next = next(session, lane); next != null; next = next(session, lane)) {
            places.acquireUninterruptibly();
            try {
                deliver(next);
            } finally {
                places.release();
                told();
            }
        }
    }

    private void told() {
        lock.lock();
        try {
            waiting--;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Delivery next(SessionId session, Queue<Delivery> lane) {
        lock.lock();
        try {
            var next = isClosed ? null : lane.poll();
            if (next == null) {
                lanes.remove(session);
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** The address may hold a secret of its owner, so the log has the host alone. */
    @SuppressWarnings("IllegalCatch") // thread boundary: the session's other events are told all the same
    private void deliver(Delivery delivery) {
        try {
            courier.post(delivery.target(), delivery.json());
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    "session={} event={} could not be told to {}: {}",
                    delivery.session(),
                    delivery.event(),
                    delivery.target().getHost(),
                    e.getMessage());
        }
    }

    /** Ends; what waits is dropped. */
    void close() {
        lock.lock();
        try {
            isClosed = true;
        } finally {
            lock.unlock();
        }
        courier.close();
    }
}
