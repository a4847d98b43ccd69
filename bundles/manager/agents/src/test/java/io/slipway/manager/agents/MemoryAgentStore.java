package io.slipway.manager.agents;

import io.slipway.manager.store.AgentRecord;
import io.slipway.manager.store.AgentStore;
import io.slipway.model.agent.AgentId;
import io.slipway.model.agent.AgentStatus;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A table of agents in memory. */
final class MemoryAgentStore implements AgentStore {

    private final Map<String, AgentRecord> rows = new TreeMap<>();
    final List<Map<AgentId, AgentStatus>> statuses = new ArrayList<>();
    int saves;
    boolean isAway;

    @Override
    public AgentRecord save(AgentRecord agent) {
        if (isAway) {
            throw new SlipwayException(FailureCode.UNAVAILABLE, "the database is away");
        }
        saves++;
        rows.put(agent.id().value(), agent);
        return agent;
    }

    @Override
    public void setStatus(Map<AgentId, AgentStatus> changed, Instant at) {
        if (isAway) {
            throw new SlipwayException(FailureCode.UNAVAILABLE, "the database is away");
        }
        statuses.add(Map.copyOf(changed));
    }

    @Override
    public List<AgentRecord> all() {
        return List.copyOf(rows.values());
    }

    @Override
    public Optional<AgentRecord> find(AgentId agent) {
        return Optional.ofNullable(rows.get(agent.value()));
    }
}
