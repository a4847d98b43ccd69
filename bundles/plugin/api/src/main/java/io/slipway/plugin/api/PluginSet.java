package io.slipway.plugin.api;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The active plug-ins of one SPI, one version each, as of the present generation. Thread-safe and free of locks.
 *
 * @param <T> the SPI interface
 */
@ProviderType
public interface PluginSet<T> {

    /** Returns the ids that can be leased now; a snapshot. */
    SortedSet<PluginId> ids();

    /**
     * Takes a lease on the active version of a plug-in. Close it when the call or stream is over, in any case.
     *
     * @return empty if no version of it is active
     */
    Optional<Lease<T>> find(PluginId id);

    /**
     * Takes a lease on the active version of a plug-in that must be there.
     *
     * @throws io.slipway.model.failure.SlipwayException UNAVAILABLE if no version of it is active, saying which are
     */
    Lease<T> lease(PluginId id);

    /** Takes a lease on every active plug-in, in order of id, all of one generation. Close each. */
    List<Lease<T>> leaseAll();

    /**
     * Hears when another version of one of these plug-ins has taken over. It is called by the thread that swaps, after the
     * change and before any call reaches a {@link Promotable} new version, so that a watch can move without a gap; it must
     * be quick. What the listener calls itself reaches the new version.
     *
     * @return ends it
     */
    default Subscription onChange(Runnable listener) {
        return () -> {}; // a set that never changes
    }

    /** An open subscription. */
    @FunctionalInterface
    interface Subscription extends AutoCloseable {

        /** Ends it. */
        @Override
        void close();
    }
}
