package io.slipway.config.access;

import io.slipway.config.spi.ConfigStore;
import io.slipway.config.spi.ConfigStoreException;
import io.slipway.plugin.api.Lease;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One watch that moves when another version of the store takes over: it lets go of the old one, watches the new one and
 * tells what changed in between. Used by any thread.
 */
final class FollowingWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FollowingWatch.class);
    private static final long MOVE_LIMIT_MILLIS = 2_000;

    private final PluginSet<ConfigStore> stores;
    private final PluginId store;
    private final String prefix;
    private final BiConsumer<String, Optional<String>> listener;
    private final AtomicReference<@Nullable Attachment> attachment = new AtomicReference<>();
    /** Orders what the listener hears. */
    private final ReentrantLock telling = new ReentrantLock();

    private Map<String, String> known = new TreeMap<>(); // guarded by telling
    private volatile boolean isClosed;
    /** Lets one thread move it; another one does not wait long, since who holds it may wait for that one's swap. */
    private final ReentrantLock moving = new ReentrantLock();

    private boolean isFailing; // guarded by moving
    private volatile boolean isBehind; // a move was given up: it may watch a store that nobody else uses any more

    FollowingWatch(
            PluginSet<ConfigStore> stores,
            PluginId store,
            String prefix,
            BiConsumer<String, Optional<String>> listener) {
        this.stores = stores;
        this.store = store;
        this.prefix = prefix;
        this.listener = listener;
    }

    private record Attachment(Lease<ConfigStore> lease, ConfigStore store, ConfigStore.Watch watch) {

        void end() {
            try (lease) {
                watch.close();
            }
        }
    }

    /** Begins; what is there already is not told. */
    void open() throws ConfigStoreException {
        attach(stores.lease(store), false);
    }

    /** Looks whether the same store is still the active one, and moves if it is not. */
    void follow() {
        isBehind = true;
        try {
            if (moving.tryLock(MOVE_LIMIT_MILLIS, TimeUnit.MILLISECONDS)) {
                try {
                    isBehind = false;
                    followNow();
                } finally {
                    moving.unlock();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Opens it anew if it was interrupted, and makes up for a move that was given up. */
    void mend() {
        if (isBehind || attachment.get() == null) {
            follow();
        }
    }

    private void followNow() {
        var isMoved = true;
        while (isMoved) { // it may have waited for a store that changed hands meanwhile
            isMoved = isMovedNow();
        }
    }

    @SuppressWarnings("ReferenceEquality") // another version is another object, whatever is in it
    private boolean isMovedNow() {
        var lease = stores.find(store).orElse(null);
        var current = attachment.get();
        if (lease == null) {
            detach();
            return false;
        }
        if (isClosed || (current != null && current.store() == lease.get())) {
            lease.close();
            return false;
        }
        detach();
        return move(lease);
    }

    /** Returns whether it has moved. */
    private boolean move(Lease<ConfigStore> lease) {
        try {
            attach(lease, true);
            isFailing = false;
            return true;
        } catch (ConfigStoreException e) {
            if (!isFailing) {
                LOG.warn("The watch of '{}' is interrupted and tried again: {}", prefix, e.getMessage());
            }
            isFailing = true;
            return false;
        }
    }

    private void attach(Lease<ConfigStore> lease, boolean areChangesTold) throws ConfigStoreException {
        var isDone = false;
        try {
            begin(lease, areChangesTold);
            isDone = true;
        } finally {
            if (!isDone || isClosed) {
                detach();
            }
        }
    }

    private void begin(Lease<ConfigStore> lease, boolean areChangesTold) throws ConfigStoreException {
        telling.lock(); // what the new watch tells waits until the listing is told
        try {
            attachment.set(new Attachment(lease, lease.get(), () -> {}));
            var watch = lease.get().watch(prefix, this::hear);
            attachment.set(new Attachment(lease, lease.get(), watch));
            learn(lease.get().list(prefix), areChangesTold);
        } finally {
            telling.unlock();
        }
    }

    private void learn(Map<String, String> now, boolean areChangesTold) {
        var before = known;
        known = new TreeMap<>(now);
        if (areChangesTold) {
            var keys = new TreeSet<>(before.keySet());
            keys.addAll(now.keySet());
            keys.stream()
                    .filter(key -> !Objects.equals(before.get(key), now.get(key)))
                    .forEach(key -> tell(key, now.get(key)));
        }
    }

    private void hear(String key, @Nullable String value) {
        telling.lock();
        try {
            if (value == null) {
                known.remove(key);
            } else {
                known.put(key, value);
            }
            tell(key, value);
        } finally {
            telling.unlock();
        }
    }

    private void tell(String key, @Nullable String value) {
        if (!isClosed) {
            listener.accept(key, Optional.ofNullable(value));
        }
    }

    private void detach() {
        var old = attachment.getAndSet(null);
        if (old != null) {
            old.end();
        }
    }

    /** Nothing is told after it returns; a listener may close its own watch. */
    @Override
    public void close() {
        isClosed = true;
        detach();
    }
}
