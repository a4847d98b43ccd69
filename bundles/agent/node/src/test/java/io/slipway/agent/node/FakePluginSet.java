package io.slipway.agent.node;

import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.plugin.api.Lease;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A set of plug-ins that a test fills; counts open leases. */
final class FakePluginSet<T> implements PluginSet<T> {

    private final Map<PluginId, T> plugins = new ConcurrentHashMap<>();
    final AtomicInteger openLeases = new AtomicInteger();

    FakePluginSet<T> with(String id, T plugin) {
        plugins.put(new PluginId(id), plugin);
        return this;
    }

    @Override
    public SortedSet<PluginId> ids() {
        return new TreeSet<>(plugins.keySet());
    }

    @Override
    public Optional<Lease<T>> find(PluginId id) {
        return Optional.ofNullable(plugins.get(id)).map(plugin -> open(id, plugin));
    }

    @Override
    public Lease<T> lease(PluginId id) {
        return find(id).orElseThrow(() -> new SlipwayException(FailureCode.UNAVAILABLE, "no plug-in " + id));
    }

    @Override
    public List<Lease<T>> leaseAll() {
        return new TreeMap<>(plugins)
                .entrySet().stream()
                        .map(entry -> open(entry.getKey(), entry.getValue()))
                        .toList();
    }

    private Lease<T> open(PluginId id, T plugin) {
        openLeases.incrementAndGet();
        return new Lease<>() {
            @Override
            public T get() {
                return plugin;
            }

            @Override
            public PluginId id() {
                return id;
            }

            @Override
            public String version() {
                return "1.0.0";
            }

            @Override
            public void close() {
                openLeases.decrementAndGet();
            }
        };
    }
}
