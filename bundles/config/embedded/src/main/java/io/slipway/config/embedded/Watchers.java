package io.slipway.config.embedded;

import io.slipway.config.spi.ConfigListener;
import io.slipway.config.spi.ConfigStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells changes to watches, each on a thread of its own, so that a slow listener holds up no other. */
final class Watchers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Watchers.class);
    private static final long LOOK_EVERY_NANOS = 1_000_000;
    private static final int LONGEST_QUEUE = 10_000;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();

    private record Change(String key, @Nullable String value) {}

    private static final Change NOTHING = new Change("", null);

    private final class Watcher implements ConfigStore.Watch {

        private final String prefix;
        private final ConfigListener listener;
        private final BlockingQueue<Change> changes = new LinkedBlockingQueue<>(LONGEST_QUEUE);
        /** Held while the listener is called, so that a close can wait for it. */
        private final ReentrantLock telling = new ReentrantLock();

        private final Thread thread =
                Thread.ofVirtual().name("slipway-config-watch").unstarted(this::tellAll);

        private final AtomicLong untold = new AtomicLong();
        private volatile boolean isClosed;

        Watcher(String prefix, ConfigListener listener) {
            this.prefix = prefix;
            this.listener = listener;
        }

        void add(Change change) {
            untold.incrementAndGet();
            if (!isClosed && !changes.offer(change) && !addLate(change)) {
                LOG.error("A watch of '{}' lags {} changes behind and is ended", prefix, LONGEST_QUEUE);
                end();
            }
        }

        /** Waits on though the writer is interrupted: that is no affair of whoever watches. */
        private boolean addLate(Change change) {
            var end = System.nanoTime() + PATIENCE.toNanos();
            var isInterrupted = false;
            try {
                while (true) {
                    try {
                        return changes.offer(change, end - System.nanoTime(), TimeUnit.NANOSECONDS);
                    } catch (InterruptedException e) {
                        isInterrupted = true;
                    }
                }
            } finally {
                if (isInterrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        /** Whether a change waits, or is being told by another thread than this. */
        boolean hasMore() {
            return !isClosed && untold.get() > 0 && !Thread.currentThread().equals(thread);
        }

        private void tellAll() {
            try {
                while (!isClosed) {
                    tell(changes.take());
                    untold.decrementAndGet();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // nobody does that
            }
        }

        @SuppressWarnings("IllegalCatch") // thread boundary: a listener that fails on one change must hear the next
        private void tell(Change change) {
            telling.lock();
            try {
                if (!isClosed) {
                    listener.changed(change.key(), change.value());
                }
            } catch (RuntimeException e) {
                LOG.error("A watch of '{}' failed on {}", prefix, change.key(), e);
            } finally {
                telling.unlock();
            }
        }

        /** Wakes the thread without an interrupt, which could hit a listener in the middle of its work. */
        private void end() {
            isClosed = true;
            watchers.remove(this);
            changes.clear();
            if (!changes.offer(NOTHING)) {
                LOG.debug("A watch of '{}' that ends has more to look at", prefix);
            }
        }

        /** Waits for a call of the listener that is under way, unless that call closes. */
        @Override
        public void close() {
            end();
            try {
                if (Thread.currentThread().equals(thread)) {
                    return;
                }
                if (telling.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                    telling.unlock();
                } else {
                    LOG.warn("The listener of a closed watch of '{}' is still busy after {}", prefix, PATIENCE);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    ConfigStore.Watch add(String prefix, ConfigListener listener) {
        var watcher = new Watcher(prefix, listener);
        watchers.add(watcher);
        watcher.thread.start();
        return watcher;
    }

    /** Called in the order of the changes. A watch that comes later is not told of this change. */
    void tell(String key, @Nullable String value) {
        var change = new Change(key, value);
        watchers.stream().filter(watcher -> key.startsWith(watcher.prefix)).forEach(watcher -> watcher.add(change));
    }

    /** Waits until every watch has been told what it is to hear, but no longer than the limit. */
    void drain(Duration limit) {
        var end = System.nanoTime() + limit.toNanos();
        while (watchers.stream().anyMatch(Watcher::hasMore)) {
            if (System.nanoTime() - end > 0) {
                LOG.warn("Watches have not heard all after {}", limit);
                return;
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
    }

    @Override
    public void close() {
        watchers.forEach(Watcher::close);
    }
}
