package io.slipway.manager.store;

import io.slipway.model.agent.AgentId;
import io.slipway.model.agent.AgentStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Agents as known. Thread-safe; calls block; see {@link SessionStore} for failures. */
@ProviderType
public interface AgentStore {

    /**
     * Stores what an agent says of itself. A new agent joins the group it asks for, or {@code default} if there is none of
     * that name; the group of a known agent does not change.
     *
     * @return the agent as stored
     */
    AgentRecord save(AgentRecord agent);

    /** Stores that agents are heard of or not. */
    void setStatus(Map<AgentId, AgentStatus> statuses, Instant at);

    /** Returns every agent, sorted by id. */
    List<AgentRecord> all();

    /** Returns one agent. */
    Optional<AgentRecord> find(AgentId agent);
}
