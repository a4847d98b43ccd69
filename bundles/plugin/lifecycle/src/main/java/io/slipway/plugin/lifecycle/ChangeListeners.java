package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who wants to hear that others may serve now. Thread-safe. */
final class ChangeListeners {

    private static final Logger LOG = LoggerFactory.getLogger(ChangeListeners.class);

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    PluginSet.Subscription add(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /**
     * Tells all. The thread may be one that starts a plug-in and has its class loader: threads that a listener makes would
     * inherit it, and keep that version for as long as they run.
     */
    void tell() {
        var thread = Thread.currentThread();
        var loader = thread.getContextClassLoader();
        thread.setContextClassLoader(ChangeListeners.class.getClassLoader());
        try {
            listeners.forEach(ChangeListeners::tell);
        } finally {
            thread.setContextClassLoader(loader);
        }
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: a listener that fails must not break the swap off
    private static void tell(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException e) {
            LOG.error("A listener of plug-in changes failed", e);
        }
    }
}
