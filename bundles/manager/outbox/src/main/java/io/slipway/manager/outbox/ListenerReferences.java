package io.slipway.manager.outbox;

import io.slipway.manager.api.SessionEventListener;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** The registered listeners; each is fetched when first needed. Thread-safe. */
final class ListenerReferences {

    private final BundleContext context;
    private final List<ServiceReference<SessionEventListener>> references = new CopyOnWriteArrayList<>();
    private final ConcurrentMap<ServiceReference<SessionEventListener>, SessionEventListener> fetched =
            new ConcurrentHashMap<>();

    ListenerReferences(BundleContext context) {
        this.context = context;
    }

    void add(ServiceReference<SessionEventListener> reference) {
        references.add(reference);
    }

    void remove(ServiceReference<SessionEventListener> reference) {
        references.remove(reference);
        if (fetched.remove(reference) != null) {
            context.ungetService(reference);
        }
    }

    /** Returns every listener that is there now. */
    List<SessionEventListener> present() {
        return references.stream().map(this::fetch).filter(Objects::nonNull).toList();
    }

    private @Nullable SessionEventListener fetch(ServiceReference<SessionEventListener> reference) {
        var known = fetched.get(reference);
        if (known != null) {
            return known;
        }
        var service = context.getService(reference);
        if (service != null) {
            fetched.put(reference, service);
            if (!references.contains(reference)) {
                remove(reference); // it went while it was fetched
            }
        }
        return service;
    }
}
