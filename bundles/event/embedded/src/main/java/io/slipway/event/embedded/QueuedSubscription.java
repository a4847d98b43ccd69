package io.slipway.event.embedded;

import io.slipway.event.spi.EventBus;
import io.slipway.event.spi.EventReceiver;
import io.slipway.model.event.Event;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A queue of bounded length and a thread that tells what is in it. The thread is a platform thread, since many wait for what
 * it tells, and is never interrupted, since a receiver may be in a file of an embedded database.
 */
final class QueuedSubscription implements EventBus.Subscription {

    private static final Logger LOG = LoggerFactory.getLogger(QueuedSubscription.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String topic;
    private final @Nullable String group;
    private final EventReceiver receiver;
    private final int capacity;
    private final BiConsumer<QueuedSubscription, List<Event>> gone;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition hasNews = lock.newCondition();
    private final Condition hasRoom = lock.newCondition();
    private final Condition isQuiet = lock.newCondition();

    // all guarded by lock
    private final Deque<Event> waiting = new ArrayDeque<>();
    private final List<Runnable> whenEnded = new ArrayList<>(1);
    private State state = State.OPEN;
    private @Nullable String cutReason;
    private boolean isTelling;

    private enum State {
        /** Takes events. */
        OPEN,
        /** Takes no more and tells the rest. */
        FINISHING,
        /** Tells nothing any more. */
        CLOSED,
        /** Its thread is through. */
        ENDED
    }

    /**
     * Creates one.
     *
     * @param group null if it hears everything
     * @param gone called once when it takes no more, with what it does not tell
     */
    QueuedSubscription(
            String topic,
            @Nullable String group,
            EventReceiver receiver,
            int capacity,
            BiConsumer<QueuedSubscription, List<Event>> gone) {
        this.topic = topic;
        this.group = group;
        this.receiver = receiver;
        this.capacity = capacity;
        this.gone = gone;
        this.thread =
                Thread.ofPlatform().daemon().name("slipway-event-" + topic).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    String topic() {
        return topic;
    }

    @Nullable
    String group() {
        return group;
    }

    /** Whether its thread has died though it has not ended. */
    boolean isBroken() {
        lock.lock();
        try {
            return state != State.ENDED && thread.getState() == Thread.State.TERMINATED;
        } finally {
            lock.unlock();
        }
    }

    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes events, as far as there is room before the end; returns whether there was. Those for one that has ended go to the
     * others of its group.
     */
    boolean add(List<Event> events, long endNanos) throws InterruptedException {
        var taken = 0;
        lock.lock();
        try {
            while (taken < events.size() && awaitRoom(endNanos)) {
                put(events.get(taken));
                taken++;
            }
            if (state == State.OPEN) {
                return taken == events.size();
            }
        } finally {
            lock.unlock();
        }
        gone.accept(this, events.subList(taken, events.size()));
        return true;
    }

    private boolean awaitRoom(long endNanos) throws InterruptedException {
        while (state == State.OPEN && waiting.size() >= capacity) {
            var left = endNanos - System.nanoTime();
            if (left <= 0 || Thread.currentThread().equals(thread)) {
                return false; // its own thread would wait for itself
            }
            var _ = hasRoom.awaitNanos(left);
        }
        return state == State.OPEN;
    }

    /** Takes over what another one left, at the expense of the bound. */
    void take(List<Event> events) {
        lock.lock();
        try {
            if (state == State.OPEN) {
                events.forEach(this::put);
                return;
            }
        } finally {
            lock.unlock();
        }
        gone.accept(this, events);
    }

    private void put(Event event) {
        waiting.add(event);
        if (waiting.size() == 1) {
            hasNews.signal();
        }
    }

    private void run() {
        for (var event = next(); event != null; event = next()) {
            tell(event);
        }
        end();
    }

    private @Nullable Event next() {
        lock.lock();
        try {
            quiet();
            while (waiting.isEmpty() && state == State.OPEN) {
                hasNews.awaitUninterruptibly();
            }
            isTelling = true;
            if (waiting.isEmpty() || state == State.CLOSED) {
                return null;
            }
            if (waiting.size() >= capacity) {
                hasRoom.signalAll();
            }
            return waiting.remove();
        } finally {
            lock.unlock();
        }
    }

    private void quiet() {
        isTelling = false;
        isQuiet.signalAll();
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: a receiver that fails on one event must hear the next
    private void tell(Event event) {
        try {
            receiver.received(event);
        } catch (RuntimeException e) {
            LOG.error("A receiver of {} failed on event={}", topic, event.id(), e);
        }
    }

    private void end() {
        tellCut();
        leave(State.ENDED, null);
        List<Runnable> listeners;
        lock.lock();
        try {
            quiet();
            listeners = List.copyOf(whenEnded);
        } finally {
            lock.unlock();
        }
        listeners.forEach(Runnable::run);
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: whoever waits for the end must hear of it
    private void tellCut() {
        var reason = cutReason();
        try {
            if (reason != null) {
                receiver.cut(reason);
            }
        } catch (RuntimeException e) {
            LOG.error("A receiver of {} failed on its end", topic, e);
        }
    }

    private @Nullable String cutReason() {
        lock.lock();
        try {
            return cutReason;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes no more from now on.
     *
     * @param reason why it is cut; null if somebody wants it so
     */
    private void leave(State next, @Nullable String reason) {
        List<Event> left = List.of();
        boolean isFirst;
        lock.lock();
        try {
            if (reason != null && state != State.OPEN && (state != State.FINISHING || waiting.isEmpty())) {
                return; // it loses nothing by that
            }
            isFirst = state == State.OPEN;
            state = next.compareTo(state) > 0 ? next : state;
            cutReason = next == State.CLOSED ? reason : cutReason;
            if (state != State.FINISHING) {
                left = List.copyOf(waiting);
                waiting.clear();
            }
            hasNews.signal();
            hasRoom.signalAll();
        } finally {
            lock.unlock();
        }
        if (isFirst || !left.isEmpty()) {
            gone.accept(this, left); // without the lock: it takes those of others
        }
    }

    @Override
    public void finish(Runnable ended) {
        boolean isOver;
        lock.lock();
        try {
            isOver = state == State.ENDED;
            if (!isOver) {
                whenEnded.add(ended);
            }
        } finally {
            lock.unlock();
        }
        if (isOver) {
            ended.run();
        } else {
            leave(State.FINISHING, null);
        }
    }

    /** Ends it without waiting; its receiver hears so when it has returned from what it does. */
    void cut(String reason) {
        leave(State.CLOSED, reason);
    }

    @Override
    public void close() {
        leave(State.CLOSED, null);
        if (Thread.currentThread().equals(thread)) {
            return;
        }
        lock.lock();
        try {
            var left = PATIENCE.toNanos();
            while (isTelling && state != State.ENDED && left > 0) {
                left = isQuiet.awaitNanos(left);
            }
            if (left <= 0) {
                LOG.warn("The receiver of a closed subscription of {} is still busy after {}", topic, PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
