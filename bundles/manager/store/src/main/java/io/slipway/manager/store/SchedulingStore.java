package io.slipway.manager.store;

import io.slipway.model.session.SessionId;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/** What the scheduler reads and writes. Thread-safe; calls block; see {@link SessionStore} for failures. */
@ProviderType
public interface SchedulingStore {

    /** Returns the names of all active resource groups. */
    Set<String> resourceGroups();

    /**
     * Returns the pending sessions of a resource group, oldest first.
     *
     * @param limit at most so many, 1 to 200,000
     */
    List<SessionRecord> pending(String resourceGroup, int limit);

    /** Returns every unfreed allocation on agents of a resource group. */
    List<Occupancy> occupancy(String resourceGroup);

    /**
     * Stores placements: kernels become SCHEDULED with agent and allocation rows, sessions too; each placement all or
     * nothing.
     *
     * @param resourceGroup whose scheduler writes
     * @param token its fencing token; every placement is refused if a greater one was seen for the group
     * @param placements at most 500
     * @return the sessions that were placed; the others are no longer PENDING, or the token is stale
     */
    Set<SessionId> commit(String resourceGroup, long token, List<Placement> placements, Instant at);
}
