package io.slipway.plugin.lifecycle;

import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.plugin.api.Lease;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;

/** A view of the present generation for one SPI. */
final class LivePluginSet<T> implements PluginSet<T> {

    private final Class<T> spi;
    private final Supplier<Generation> generation;

    LivePluginSet(Class<T> spi, Supplier<Generation> generation) {
        this.spi = spi;
        this.generation = generation;
    }

    @Override
    public SortedSet<PluginId> ids() {
        return new TreeSet<>(generation.get().of(spi).keySet());
    }

    @Override
    public Optional<Lease<T>> find(PluginId id) {
        while (true) {
            var current = generation.get();
            var provider = current.of(spi).get(id);
            if (provider == null) {
                return Optional.empty();
            }
            var lease = provider.lease(spi);
            if (lease.isPresent()) {
                return lease;
            }
            awaitOther(current); // retired between the look and the lease: its successor is being published
        }
    }

    @Override
    public Lease<T> lease(PluginId id) {
        return find(id).orElseThrow(() -> new SlipwayException(
                FailureCode.UNAVAILABLE,
                "no " + spi.getSimpleName() + " plug-in '" + id + "' is active; active are " + ids()));
    }

    @Override
    public List<Lease<T>> leaseAll() {
        while (true) {
            var current = generation.get();
            var leases = new ArrayList<Lease<T>>();
            for (var provider : current.of(spi).values()) {
                provider.lease(spi).ifPresent(leases::add);
            }
            if (leases.size() == current.of(spi).size()) {
                return List.copyOf(leases);
            }
            leases.forEach(Lease::close);
            awaitOther(current);
        }
    }

    /** Providers are retired only after their successor generation is published, so this is a moment at most. */
    @SuppressWarnings("ReferenceEquality") // another generation is another object, whatever is in it
    private void awaitOther(Generation current) {
        while (generation.get() == current) {
            Thread.onSpinWait();
        }
    }
}
