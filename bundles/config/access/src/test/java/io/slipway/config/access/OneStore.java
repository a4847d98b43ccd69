package io.slipway.config.access;

import io.slipway.config.spi.ConfigStore;
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
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Plug-ins with one config store, which can be exchanged; counts leases. */
final class OneStore implements Plugins, PluginSet<ConfigStore> {

    final AtomicInteger leases = new AtomicInteger();

    @Nullable
    MemoryStore active = new MemoryStore();

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
    public Optional<Lease<ConfigStore>> find(PluginId id) {
        if (active == null) {
            return Optional.empty();
        }
        leases.incrementAndGet();
        return Optional.of(new CountedLease(leases, id, active));
    }

    @Override
    public Lease<ConfigStore> lease(PluginId id) {
        return find(id).orElseThrow(() -> new SlipwayException(FailureCode.UNAVAILABLE, "no store"));
    }

    @Override
    public List<Lease<ConfigStore>> leaseAll() {
        return List.of();
    }

    private record CountedLease(AtomicInteger leases, PluginId id, ConfigStore store) implements Lease<ConfigStore> {

        @Override
        public ConfigStore get() {
            return store;
        }

        @Override
        public String version() {
            return "1.0.0";
        }

        @Override
        public void close() {
            leases.decrementAndGet();
        }
    }
}
