package io.slipway.plugin.lifecycle;

import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.plugin.api.Lease;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;

/** A view of the present generation for one SPI. */
final class LivePluginSet<T> implements PluginSet<T> {

    private static final long LOOK_EVERY_NANOS = 200_000;

    private final Class<T> spi;
    private final Supplier<Generation> generation;
    private final Function<Runnable, PluginSet.Subscription> listeners;

    LivePluginSet(Class<T> spi, Supplier<Generation> generation) {
        this(spi, generation, listener -> () -> {});
    }

    /**
     * Creates one.
     *
     * @param listeners takes listeners and gives back what ends them
     */
    LivePluginSet(Class<T> spi, Supplier<Generation> generation, Function<Runnable, PluginSet.Subscription> listeners) {
        this.spi = spi;
        this.generation = generation;
        this.listeners = listeners;
    }

    @Override
    public SortedSet<PluginId> ids() {
        return Collections.unmodifiableSortedSet(generation.get().of(spi).ids());
    }

    /**
     * Looks again when refused: a provider is retired only after a generation without it is published, or while it is
     * awaited again, which the generation says for a limited time.
     */
    @Override
    public Optional<Lease<T>> find(PluginId id) {
        while (true) {
            var provider = generation.get().of(spi).get(id);
            if (provider == null) {
                return Optional.empty();
            }
            var lease = provider.lease(spi);
            if (lease.isPresent()) {
                return lease;
            }
            pause(provider);
        }
    }

    /** Whoever makes the next generation needs a thread too, so nobody looks again without a rest. */
    @SuppressWarnings("ThreadPriorityCheck") // who is interrupted cannot park
    private void pause(VersionedProvider provider) {
        if (!Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        } else if (provider.isAbsent()) {
            throw new SlipwayException(
                    FailureCode.UNAVAILABLE,
                    spi.getSimpleName() + " plug-in '" + provider.id() + "' is being made anew, and its caller was"
                            + " interrupted");
        } else {
            Thread.yield();
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
            var providers = generation.get().of(spi).inOrder();
            var leases = new ArrayList<Lease<T>>(providers.size());
            var refusing = new ArrayList<VersionedProvider>();
            var isComplete = false;
            try {
                for (var provider : providers) {
                    provider.lease(spi).ifPresentOrElse(leases::add, () -> refusing.add(provider));
                }
                isComplete = refusing.isEmpty();
            } finally {
                if (!isComplete) {
                    leases.forEach(Lease::close);
                }
            }
            if (isComplete) {
                return List.copyOf(leases);
            }
            refusing.forEach(this::pause);
        }
    }

    @Override
    public Subscription onChange(Runnable listener) {
        return listeners.apply(listener);
    }
}
