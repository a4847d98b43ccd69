package io.slipway.config.embedded;

import io.slipway.config.spi.ConfigListener;
import io.slipway.config.spi.ConfigStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells changes to watches, in order, on one thread of its own. */
final class Watchers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Watchers.class);

    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("slipway-config-watch").factory());

    private final class Watcher implements ConfigStore.Watch {

        private final String prefix;
        private final ConfigListener listener;
        private volatile boolean isClosed;

        Watcher(String prefix, ConfigListener listener) {
            this.prefix = prefix;
            this.listener = listener;
        }

        @SuppressWarnings("IllegalCatch") // thread boundary: one bad listener must not silence the others
        void tell(String key, @Nullable String value) {
            try {
                if (!isClosed) {
                    listener.changed(key, value);
                }
            } catch (RuntimeException e) {
                LOG.error("A watch of '{}' failed on {}", prefix, key, e);
            }
        }

        @Override
        public void close() {
            isClosed = true;
            watchers.remove(this);
        }
    }

    ConfigStore.Watch add(String prefix, ConfigListener listener) {
        var watcher = new Watcher(prefix, listener);
        watchers.add(watcher);
        return watcher;
    }

    /** Called in the order of the changes; returns at once. A watch that comes later is not told of this change. */
    void tell(String key, @Nullable String value) {
        var now = watchers.stream()
                .filter(watcher -> key.startsWith(watcher.prefix))
                .toList();
        if (!now.isEmpty()) {
            thread.execute(() -> now.forEach(watcher -> watcher.tell(key, value)));
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
