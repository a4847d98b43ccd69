package io.slipway.manager.outbox;

import io.slipway.manager.store.SessionEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Events on their way from the store to the thread that publishes them, in order. Thread-safe; adding never waits. */
final class FreshEvents {

    /** What does not fit is not kept: it is in the store. */
    private static final int CAPACITY = 50_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // guarded by lock
    private List<SessionEvent> waiting = new ArrayList<>();
    private boolean isIncomplete;
    private boolean isWoken;

    /**
     * What has come.
     *
     * @param events in order, maybe none
     * @param isIncomplete whether there is more in the store than here
     */
    record News(List<SessionEvent> events, boolean isIncomplete) {

        News {
            events = List.copyOf(events);
        }
    }

    void add(List<SessionEvent> events) {
        lock.lock();
        try {
            if (waiting.size() + events.size() > CAPACITY) {
                waiting = new ArrayList<>();
                isIncomplete = true;
            } else if (!isIncomplete) {
                waiting.addAll(events);
            }
            isWoken = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Says that there may be something in the store that is not here. */
    void lookIntoStore() {
        lock.lock();
        try {
            isIncomplete = true;
            isWoken = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Lets a waiting {@link #take} return. */
    void wake() {
        lock.lock();
        try {
            isWoken = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for something, at most so long, and takes all of it. */
    News take(Duration patience) throws InterruptedException {
        lock.lock();
        try {
            var left = patience.toNanos();
            while (!isWoken && left > 0) {
                left = changed.awaitNanos(left);
            }
            var news = new News(waiting, isIncomplete);
            waiting = new ArrayList<>();
            isIncomplete = false;
            isWoken = false;
            return news;
        } finally {
            lock.unlock();
        }
    }
}
