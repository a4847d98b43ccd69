package io.slipway.config.spi;

import io.slipway.model.call.Idempotent;
import java.time.Duration;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Leases with fencing tokens: at most one holder of a name at a time, and each new holder gets a token greater than all
 * before it, also after a restart of the store.
 */
@ConsumerType
public interface LeaseStore {

    /**
     * Takes a free or expired lease, or renews the own one.
     *
     * @param name what is leased, such as {@code scheduler/default}
     * @param owner who asks; the same owner renews and keeps its token
     * @param timeToLive how long it holds without renewal, at least {@link ConfigStore#SHORTEST_LEASE}
     * @return the fencing token; empty if another holds it
     * @throws ConfigStoreException if the store cannot be reached; do not act as holder, then
     */
    @Idempotent
    Optional<Long> acquire(String name, String owner, Duration timeToLive) throws ConfigStoreException;

    /**
     * Gives a lease back; nothing happens if the owner does not hold it.
     *
     * @throws ConfigStoreException if the store cannot be reached; it expires by itself, then
     */
    @Idempotent
    void release(String name, String owner) throws ConfigStoreException;
}
