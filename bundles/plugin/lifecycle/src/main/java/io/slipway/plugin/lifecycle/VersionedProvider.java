package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.Lease;
import io.slipway.plugin.api.PluginId;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Optional;

/** One provider of one version of a plug-in, with its uses. */
final class VersionedProvider {

    private final PluginId id;
    private final String version;
    private final Object service;
    private final LeaseCounter uses = new LeaseCounter();
    private final ProviderFace face;
    private volatile boolean isAbandoned;
    private volatile boolean isAbsent;

    VersionedProvider(PluginId id, String version, Object service) {
        this(id, version, service, ProbationLimits.USUAL.window());
    }

    /** Creates one whose calls are remembered for at least a window. */
    VersionedProvider(PluginId id, String version, Object service, Duration window) {
        this.id = id;
        this.version = version;
        this.service = service;
        this.face = new ProviderFace(this, service, new CallMeter(window));
    }

    PluginId id() {
        return id;
    }

    String version() {
        return version;
    }

    /** The plug-in's own object: for the platform; callers get {@link #face}. */
    Object service() {
        return service;
    }

    ProviderFace face() {
        return face;
    }

    LeaseCounter uses() {
        return uses;
    }

    /** Nobody waits any more for its uses to end: it is bad and hangs in them. */
    void abandon() {
        isAbandoned = true;
    }

    boolean isAbandoned() {
        return isAbandoned;
    }

    /** Its component has gone and is awaited again, as after a change of its settings: callers wait for the next one. */
    void leave() {
        isAbsent = true;
    }

    boolean isAbsent() {
        return isAbsent;
    }

    /** Takes a lease; empty if this version is retired. */
    <T> Optional<Lease<T>> lease(Class<T> spi) {
        var shown = face.shown();
        var provider = spi.cast(spi.isInstance(shown) ? shown : service); // first: a foreign type leaves no use behind
        return uses.tryAcquire() ? Optional.of(new CountedLease<>(this, provider)) : Optional.empty();
    }

    @Override
    public String toString() {
        return id.value() + " " + version;
    }

    private static final class CountedLease<T> implements Lease<T> {

        private static final VarHandle IS_CLOSED;

        static {
            try {
                IS_CLOSED = MethodHandles.lookup().findVarHandle(CountedLease.class, "isClosed", boolean.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private final VersionedProvider provider;
        private final T service;

        @SuppressWarnings("UnusedVariable") // read and written by the handle
        private volatile boolean isClosed;

        CountedLease(VersionedProvider provider, T service) {
            this.provider = provider;
            this.service = service;
        }

        @Override
        public T get() {
            if (isClosed) {
                throw new IllegalStateException("the lease on " + provider.id + " is closed");
            }
            return service;
        }

        @Override
        public PluginId id() {
            return provider.id;
        }

        @Override
        public String version() {
            return provider.version;
        }

        @Override
        public void close() {
            if (IS_CLOSED.compareAndSet(this, false, true)) {
                provider.uses.release();
            }
        }
    }
}
