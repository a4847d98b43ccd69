package io.slipway.manager.scheduler;

import io.slipway.model.kernel.KernelId;
import io.slipway.model.session.SessionId;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What happened to a resource group since its scheduler last looked. Thread-safe; posting never blocks for long. */
final class Mailbox {

    /** So many at most; more are not worth keeping, the table is read anew. */
    private static final int CAPACITY = 200_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition isNew = lock.newCondition();
    private News news = new News(); // guarded by lock
    private boolean isOpen; // guarded by lock: something is to be read

    /** What was posted. Belongs to whoever took it. */
    static final class News {

        /** Sessions that may be waiting. */
        final Set<SessionId> waiting = new HashSet<>();

        /** Sessions that ended. */
        final Set<SessionId> ended = new HashSet<>();

        /** Kernels that ended. */
        final Set<KernelId> kernels = new HashSet<>();

        /** Whether agents changed. */
        boolean isAgentChange;

        /** Whether something may be missing here. */
        boolean isIncomplete;

        boolean isEmpty() {
            return waiting.isEmpty() && ended.isEmpty() && kernels.isEmpty() && !isAgentChange && !isIncomplete;
        }

        private boolean isFull() {
            return waiting.size() + ended.size() + kernels.size() >= CAPACITY;
        }
    }

    void mayWait(SessionId session) {
        post(present -> present.waiting.add(session));
    }

    void ended(SessionId session, @Nullable KernelId kernel) {
        post(present -> {
            if (kernel == null) {
                present.ended.add(session);
            } else {
                present.kernels.add(kernel);
            }
        });
    }

    void agentsChanged() {
        post(present -> present.isAgentChange = true);
    }

    /** Says that news were taken but not used; wakes nobody. */
    void missed() {
        lock.lock();
        try {
            news.isIncomplete = true;
        } finally {
            lock.unlock();
        }
    }

    /** Lets a waiting {@link #take} return. */
    void wake() {
        post(present -> {});
    }

    /** Waits for something, at most so long, and takes all of it; maybe nothing. */
    News take(Duration patience) throws InterruptedException {
        lock.lock();
        try {
            var left = patience.toNanos();
            while (!isOpen && left > 0) {
                left = isNew.awaitNanos(left);
            }
            isOpen = false;
            var taken = news;
            news = new News();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void post(Consumer<News> change) {
        lock.lock();
        try {
            if (news.isFull()) {
                news = new News();
                news.isIncomplete = true;
            } else if (!news.isIncomplete) {
                change.accept(news);
            }
            isOpen = true;
            isNew.signal();
        } finally {
            lock.unlock();
        }
    }
}
