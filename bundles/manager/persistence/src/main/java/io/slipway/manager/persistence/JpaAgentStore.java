package io.slipway.manager.persistence;

import io.slipway.manager.persistence.row.AgentRow;
import io.slipway.manager.persistence.row.ResourceGroupRow;
import io.slipway.manager.store.AgentRecord;
import io.slipway.manager.store.AgentStore;
import io.slipway.model.agent.AgentId;
import io.slipway.model.agent.AgentStatus;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Keeps agents in a table. */
@Component
public final class JpaAgentStore implements AgentStore {

    private static final String DEFAULT_GROUP = "default";

    private final Transactions transactions;
    private final Writes writes;

    /** Used by the component runtime. */
    @Activate
    public JpaAgentStore(@Reference Database database) {
        this.transactions = database.transactions();
        this.writes = database.writes();
    }

    @Override
    public AgentRecord save(AgentRecord agent) {
        return writes.write(Set.of(), entities -> {
            var known = lock(entities, agent.id().value());
            if (known != null) {
                known.describe(agent);
                return known.toRecord();
            }
            var group = entities.find(ResourceGroupRow.class, agent.resourceGroup());
            var row = new AgentRow(agent, group == null ? DEFAULT_GROUP : group.name());
            entities.persist(row);
            return row.toRecord();
        });
    }

    @Override
    public void setStatus(Map<AgentId, AgentStatus> statuses, Instant at) {
        writes.write(Set.of(), entities -> {
            var sorted = new TreeMap<String, AgentStatus>();
            statuses.forEach((agent, status) -> sorted.put(agent.value(), status));
            sorted.forEach((agent, status) -> {
                var row = lock(entities, agent);
                if (row != null) {
                    row.hear(status, at);
                }
            });
            return sorted.size();
        });
    }

    @Override
    public List<AgentRecord> all() {
        return transactions.read(
                entities -> entities.createQuery("SELECT a FROM AgentRow a ORDER BY a.id", AgentRow.class)
                        .getResultStream()
                        .map(AgentRow::toRecord)
                        .toList());
    }

    @Override
    public Optional<AgentRecord> find(AgentId agent) {
        return transactions.read(entities -> Optional.ofNullable(entities.find(AgentRow.class, agent.value()))
                .map(AgentRow::toRecord));
    }

    private static @Nullable AgentRow lock(EntityManager entities, String agent) {
        return entities.find(AgentRow.class, agent, LockModeType.PESSIMISTIC_WRITE);
    }
}
