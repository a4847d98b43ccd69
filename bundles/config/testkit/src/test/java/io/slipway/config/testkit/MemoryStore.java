package io.slipway.config.testkit;

import io.slipway.config.spi.ConfigListener;
import io.slipway.config.spi.ConfigStore;
import io.slipway.config.spi.ConfigStoreException;
import io.slipway.config.spi.LeaseStore;
import java.time.Duration;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** A store in memory, with a fault. */
final class MemoryStore implements ConfigStore, LeaseStore {

    /** What is wrong with it. */
    enum Fault {
        NOTHING,
        PUT_REPLACES_ALL,
        DELETE_COUNTS_AGAIN,
        LISTENERS_HOLD_UP_WRITERS,
        HANGS_WHEN_INTERRUPTED,
        FORGETS_THE_INTERRUPT,
        BREAKS_WHEN_INTERRUPTED,
        WATCHES_END_BY_AN_INTERRUPT,
        LOSES_PUTS_OF_THE_INTERRUPTED,
        DIES_WHEN_INTERRUPTED,
        RENEWS_WITH_A_NEW_TOKEN,
        ANYBODY_MAY_RELEASE,
        WAITS_FOR_LEASES,
        LEASES_END_BY_AN_INTERRUPT
    }

    /** Never given back: whoever asks for it waits for ever. */
    private static final Semaphore NEVER = new Semaphore(0);

    private final Fault fault;
    private final NavigableMap<String, String> pairs;
    private final Map<String, Held> leases = new TreeMap<>();
    private final CopyOnWriteArrayList<Watcher> watchers = new CopyOnWriteArrayList<>();
    private long lastToken;
    private boolean isDead;

    private record Held(String owner, long token) {}

    private final class Watcher implements Watch {

        private final String prefix;
        private final ConfigListener listener;
        private final ExecutorService thread =
                Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());

        Watcher(String prefix, ConfigListener listener) {
            this.prefix = prefix;
            this.listener = listener;
        }

        void tell(String key, String value) {
            if (!key.startsWith(prefix)) {
                return;
            }
            if (fault == Fault.LISTENERS_HOLD_UP_WRITERS) {
                listener.changed(key, value);
            } else {
                thread.execute(() -> listener.changed(key, value));
            }
        }

        @Override
        public void close() {
            watchers.remove(this);
            thread.shutdown();
        }
    }

    /**
     * Opens one.
     *
     * @param pairs what it keeps over restarts
     */
    MemoryStore(Fault fault, NavigableMap<String, String> pairs) {
        this.fault = fault;
        this.pairs = pairs;
    }

    private void begin() throws ConfigStoreException {
        if (isDead) {
            throw new ConfigStoreException("dead");
        }
        if (!Thread.currentThread().isInterrupted()) {
            return;
        }
        isDead = fault == Fault.DIES_WHEN_INTERRUPTED;
        if (fault == Fault.HANGS_WHEN_INTERRUPTED) {
            NEVER.acquireUninterruptibly();
        }
        if (fault == Fault.FORGETS_THE_INTERRUPT && Thread.interrupted()) {
            throw new ConfigStoreException("interrupted");
        }
        if (fault == Fault.BREAKS_WHEN_INTERRUPTED) {
            throw new IllegalStateException("broken");
        }
        if (fault == Fault.LEASES_END_BY_AN_INTERRUPT) {
            leases.clear();
        }
        if (fault == Fault.WATCHES_END_BY_AN_INTERRUPT) {
            watchers.clear();
        }
    }

    @Override
    public synchronized Optional<String> get(String key) throws ConfigStoreException {
        begin();
        return Optional.ofNullable(pairs.get(key));
    }

    @Override
    public synchronized SortedMap<String, String> list(String prefix) throws ConfigStoreException {
        begin();
        return new TreeMap<>(pairs.subMap(prefix, prefix + Character.MAX_VALUE));
    }

    @Override
    public synchronized void put(Map<String, String> more) throws ConfigStoreException {
        begin();
        if (fault == Fault.PUT_REPLACES_ALL) {
            pairs.clear();
        }
        if (fault == Fault.LOSES_PUTS_OF_THE_INTERRUPTED
                && Thread.currentThread().isInterrupted()) {
            return;
        }
        pairs.putAll(more);
        more.forEach((key, value) -> watchers.forEach(watcher -> watcher.tell(key, value)));
    }

    @Override
    public synchronized long delete(String key, boolean prefix) throws ConfigStoreException {
        begin();
        if (fault == Fault.DELETE_COUNTS_AGAIN && prefix && list(key).isEmpty()) {
            return 1;
        }
        long before = pairs.size();
        pairs.keySet().removeIf(each -> prefix ? each.startsWith(key) : each.equals(key));
        return before - pairs.size();
    }

    @Override
    public Watch watch(String prefix, ConfigListener listener) throws ConfigStoreException {
        begin();
        var watcher = new Watcher(prefix, listener);
        watchers.add(watcher);
        return watcher;
    }

    @Override
    public synchronized Optional<Long> acquire(String name, String owner, Duration timeToLive)
            throws ConfigStoreException {
        begin();
        var held = leases.get(name);
        if (held != null && !held.owner().equals(owner)) {
            if (fault == Fault.WAITS_FOR_LEASES) {
                waitForEver();
            }
            return Optional.empty();
        }
        var token = held == null || fault == Fault.RENEWS_WITH_A_NEW_TOKEN ? ++lastToken : held.token();
        leases.put(name, new Held(owner, token));
        return Optional.of(token);
    }

    private static void waitForEver() throws ConfigStoreException {
        try {
            NEVER.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConfigStoreException("interrupted", e);
        }
    }

    @Override
    public synchronized void release(String name, String owner) throws ConfigStoreException {
        begin();
        var held = leases.get(name);
        if (held != null && (held.owner().equals(owner) || fault == Fault.ANYBODY_MAY_RELEASE)) {
            leases.remove(name);
        }
    }
}
