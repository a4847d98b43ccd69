package io.slipway.config.spi;

import io.slipway.model.call.Idempotent;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Shared configuration: a flat, ordered map from keys such as {@code config/docker/registry} to text, with watches. Every
 * change is durable when the call returns. Calls block and are thread-safe. Leases are a further ability,
 * {@link LeaseStore}.
 */
@ConsumerType
public interface ConfigStore {

    /**
     * Returns the value of one key.
     *
     * @throws ConfigStoreException if the store cannot be reached
     */
    @Idempotent
    Optional<String> get(String key) throws ConfigStoreException;

    /**
     * Returns all pairs whose key starts with a prefix, whole keys, sorted; at most 10,000.
     *
     * @throws ConfigStoreException if the store cannot be reached or there are more
     */
    @Idempotent
    SortedMap<String, String> list(String prefix) throws ConfigStoreException;

    /**
     * Puts all pairs, or none.
     *
     * @throws ConfigStoreException if the store cannot be reached; the outcome is unknown, then
     */
    @Idempotent
    void put(Map<String, String> pairs) throws ConfigStoreException;

    /**
     * Deletes one key, or with {@code prefix} all keys that start with it.
     *
     * @return how many were deleted
     * @throws ConfigStoreException if the store cannot be reached; the outcome is unknown, then
     */
    long delete(String key, boolean prefix) throws ConfigStoreException;

    /**
     * Watches keys that start with a prefix. Changes are told in order, each once, from the moment this returns.
     *
     * @param listener called on a thread of the store; must be quick
     * @return closes the watch
     * @throws ConfigStoreException if the store cannot be reached
     */
    Watch watch(String prefix, ConfigListener listener) throws ConfigStoreException;

    /** An open watch. */
    interface Watch extends AutoCloseable {

        /** Ends the watch; no change is told after it returns. */
        @Override
        void close();
    }

    /** The shortest time to live of a lease. */
    Duration SHORTEST_LEASE = Duration.ofSeconds(1);
}
