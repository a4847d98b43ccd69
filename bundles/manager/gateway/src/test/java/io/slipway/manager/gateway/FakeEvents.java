package io.slipway.manager.gateway;

import io.slipway.manager.api.SessionEvents;
import io.slipway.manager.store.SessionEvent;
import io.slipway.manager.store.SessionRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Events that a test lets happen. */
final class FakeEvents implements SessionEvents {

    final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
    private final AtomicLong ids = new AtomicLong(100);

    void happens(SessionRecord session, @Nullable String kernel, String status) {
        var event = new SessionEvent(
                ids.incrementAndGet(), session.id(), kernel, "default", status, "because", Instant.EPOCH);
        listeners.stream()
                .filter(listener -> listener.selection.test(session))
                .forEach(listener -> listener.queue.add(new News(event, session)));
    }

    @Override
    public Subscription subscribe(Predicate<SessionRecord> selection, OptionalLong after) {
        var listener = new Listener(selection, after);
        listeners.add(listener);
        return listener;
    }

    final class Listener implements Subscription {

        final OptionalLong after;
        private volatile long position;
        volatile boolean isCut;
        private final Predicate<SessionRecord> selection;
        private final BlockingQueue<News> queue = new ArrayBlockingQueue<>(100);

        Listener(Predicate<SessionRecord> selection, OptionalLong after) {
            this.selection = selection;
            this.after = after;
            this.position = after.orElse(ids.get());
        }

        @Override
        public Optional<News> next(Duration limit) {
            try {
                var news = Optional.ofNullable(queue.poll(Math.min(limit.toMillis(), 20), TimeUnit.MILLISECONDS));
                news.ifPresent(one -> position = one.event().id());
                return news;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }

        @Override
        public boolean isCatchingUp() {
            return false;
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public boolean isCut() {
            return isCut;
        }

        @Override
        public void close() {
            listeners.remove(this);
        }
    }
}
