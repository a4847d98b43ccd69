package io.slipway.manager.session;

import io.slipway.manager.api.SessionEventListener;
import io.slipway.manager.store.SessionEvent;
import io.slipway.manager.store.SessionRecord;
import io.slipway.manager.store.SessionStore;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Lets callers wait until a session is in some state.
 *
 * <p>Who waits is registered before it reads the session, so that no change falls between the two. It is woken by changes
 * of this manager at once and by published events; a look every two seconds covers events told on another manager.
 */
@Component(service = {SessionWatch.class, SessionEventListener.class})
public final class SessionWatch implements SessionEventListener {

    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
    private static final Duration LONGEST = Duration.ofDays(365);

    private final SessionStore store;
    private final ConcurrentMap<SessionId, List<Waiter>> waiters = new ConcurrentHashMap<>();

    /**
     * Who waits. News may be older than what it has read already: an end is believed, for it is never left, and a start if no
     * start was read before; whatever else is told only wakes, and the store is read again.
     */
    private static final class Waiter {

        private final Predicate<SessionStatus> isDone;
        private final BlockingQueue<Optional<SessionRecord>> mail = new ArrayBlockingQueue<>(1);
        private volatile SessionStatus seen = SessionStatus.PENDING;

        Waiter(Predicate<SessionStatus> isDone) {
            this.isDone = isDone;
        }

        /** Takes news; one waiting letter is enough, since who reads it looks at the store unless it is the answer. */
        void hear(SessionStatus status, Optional<SessionRecord> session) {
            if (isDone.test(status) && (seen != SessionStatus.TERMINATING || status.isTerminal())) {
                mail.offer(session);
            }
        }

        boolean believes(SessionRecord told) {
            return switch (seen) {
                case PENDING, SCHEDULED, PREPARING, PULLING, CREATING ->
                    told.status() == SessionStatus.RUNNING || told.status().isTerminal();
                case RUNNING, RESTARTING, TERMINATING, TERMINATED, CANCELLED, ERROR ->
                    told.status().isTerminal();
            };
        }
    }

    /** Used by the component runtime. */
    @Activate
    public SessionWatch(@Reference SessionStore store) {
        this.store = store;
    }

    /** What this manager stores of a session while it is open. */
    final class News implements AutoCloseable {

        private final SessionId session;
        private final Waiter waiter;

        private News(SessionId session, Waiter waiter) {
            this.session = session;
            this.waiter = waiter;
        }

        /** Returns whether a state that was asked for was stored here since it was opened; waits for it at most so long. */
        boolean await(Duration limit) {
            try {
                return waiter.mail.poll(limit.toNanos(), TimeUnit.NANOSECONDS) != null;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        @Override
        public void close() {
            remove(session, waiter);
        }
    }

    /** Listens for a state of a session from now on; reads nothing. */
    News listen(SessionId session, Predicate<SessionStatus> wanted) {
        var waiter = new Waiter(wanted);
        add(session, waiter);
        return new News(session, waiter);
    }

    /**
     * Waits until the state of a session satisfies a condition.
     *
     * @return the session when it does, or as it is when the limit is over
     */
    SessionRecord await(SessionId session, Predicate<SessionStatus> isDone, Duration limit) {
        var waiter = new Waiter(isDone);
        add(session, waiter);
        try {
            return await(session, waiter, limit.compareTo(LONGEST) > 0 ? LONGEST : limit);
        } finally {
            remove(session, waiter);
        }
    }

    private void add(SessionId session, Waiter waiter) {
        waiters.compute(session, (id, present) -> {
            var list = present == null ? new CopyOnWriteArrayList<Waiter>() : present;
            list.add(waiter);
            return list;
        });
    }

    private void remove(SessionId session, Waiter waiter) {
        waiters.computeIfPresent(session, (id, present) -> {
            present.remove(waiter);
            return present.isEmpty() ? null : present;
        });
    }

    private SessionRecord await(SessionId session, Waiter waiter, Duration limit) {
        var end = System.nanoTime() + limit.toNanos();
        while (true) {
            var now = store.find(session)
                    .orElseThrow(() -> SlipwayException.notFound("session", "Session " + session + " not found"));
            waiter.seen = now.status();
            var left = end - System.nanoTime();
            if (waiter.isDone.test(now.status()) || left <= 0) {
                return now;
            }
            try {
                var letter = waiter.mail.poll(Math.min(left, LOOK_EVERY.toNanos()), TimeUnit.NANOSECONDS);
                if (letter != null && letter.filter(waiter::believes).isPresent()) {
                    return letter.get();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return now;
            }
        }
    }

    /** Takes the news of a change that this manager stored. */
    void changed(SessionRecord session) {
        waiters.getOrDefault(session.id(), List.of())
                .forEach(waiter -> waiter.hear(session.status(), Optional.of(session)));
    }

    @Override
    public void happened(SessionEvent event) {
        var present = waiters.get(event.session());
        if (present != null && event.kernel() == null) {
            var status = SessionStatus.valueOf(event.status());
            present.forEach(waiter -> waiter.hear(status, Optional.empty()));
        }
    }
}
