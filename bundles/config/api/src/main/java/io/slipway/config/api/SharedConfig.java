package io.slipway.config.api;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BiConsumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The stable façade over the active store of shared configuration; survives a change of the store. Thread-safe; calls
 * block. Every method throws {@link io.slipway.model.failure.SlipwayException} UNAVAILABLE if no store can be reached, and
 * INVALID_PARAMETERS (field {@code key}) for an empty key, one above 512 characters, or one that starts with {@code /}.
 */
@ProviderType
public interface SharedConfig {

    /** Returns the value of one key. */
    Optional<String> get(String key);

    /** Returns all pairs whose key starts with a prefix, whole keys, sorted. An empty prefix means all. */
    SortedMap<String, String> list(String prefix);

    /** Puts all pairs, or none. Durable when it returns. Values are at most 1 MiB each. */
    void put(Map<String, String> pairs);

    /**
     * Deletes one key, or with {@code prefix} all keys that start with it.
     *
     * @return how many were deleted
     */
    long delete(String key, boolean prefix);

    /**
     * Watches keys that start with a prefix. Changes are told in order, each once. The watch goes on across a change of the
     * store: what differs then is told, values in between may be missing and the newest may be told twice.
     *
     * @param listener gets key and new value, empty if deleted; called on a thread of the store, must be quick
     * @return closes the watch; nothing is told after that
     */
    AutoCloseable watch(String prefix, BiConsumer<String, Optional<String>> listener);

    /**
     * Takes or renews a lease.
     *
     * @return the fencing token, greater than that of every earlier holder; empty if another holds it
     */
    Optional<Long> acquireLease(String name, String owner, Duration timeToLive);

    /** Gives a lease back; nothing happens if the owner does not hold it. */
    void releaseLease(String name, String owner);
}
