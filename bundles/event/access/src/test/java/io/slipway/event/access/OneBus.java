package io.slipway.event.access;

import io.slipway.event.spi.EventBus;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.plugin.api.Lease;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginSet;
import io.slipway.plugin.api.PluginStatus;
import io.slipway.plugin.api.Plugins;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Plug-ins with one event bus, which can be exchanged; counts leases. */
final class OneBus implements Plugins, PluginSet<EventBus> {

    final AtomicInteger leases = new AtomicInteger();
    volatile @Nullable EventBus active;
    private volatile Runnable listener = () -> {};

    OneBus(EventBus active) {
        this.active = active;
    }

    /** Lets another one serve, and tells so. */
    void replace(@Nullable EventBus next) {
        active = next;
        listener.run();
    }

    @Override
    @SuppressWarnings("unchecked") // the only SPI that is asked for
    public <T> PluginSet<T> set(Class<T> spi) {
        return (PluginSet<T>) this;
    }

    @Override
    public List<PluginStatus> statuses() {
        return List.of();
    }

    @Override
    public SortedSet<PluginId> ids() {
        return new TreeSet<>();
    }

    @Override
    public Optional<Lease<EventBus>> find(PluginId id) {
        var bus = active;
        if (bus == null) {
            return Optional.empty();
        }
        leases.incrementAndGet();
        return Optional.of(new CountedLease(leases, id, bus, new AtomicBoolean()));
    }

    @Override
    public Lease<EventBus> lease(PluginId id) {
        return find(id).orElseThrow(() -> new SlipwayException(FailureCode.UNAVAILABLE, "no bus"));
    }

    @Override
    public List<Lease<EventBus>> leaseAll() {
        return List.of();
    }

    @Override
    public Subscription onChange(Runnable onChange) {
        listener = onChange;
        return () -> listener = () -> {};
    }

    private record CountedLease(AtomicInteger leases, PluginId id, EventBus get, AtomicBoolean isClosed)
            implements Lease<EventBus> {

        @Override
        public String version() {
            return "1.0.0";
        }

        @Override
        public void close() {
            if (isClosed.compareAndSet(false, true)) {
                leases.decrementAndGet();
            }
        }
    }
}
