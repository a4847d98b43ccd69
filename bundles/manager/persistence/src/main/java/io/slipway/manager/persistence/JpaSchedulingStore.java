package io.slipway.manager.persistence;

import io.slipway.manager.persistence.row.AllocationRow;
import io.slipway.manager.persistence.row.SessionRow;
import io.slipway.manager.store.Occupancy;
import io.slipway.manager.store.Placement;
import io.slipway.manager.store.SchedulingStore;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.session.SessionId;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Keeps the queue and the placements in tables. */
@Component
public final class JpaSchedulingStore implements SchedulingStore {

    private static final int LONGEST_QUEUE = 200_000;

    private final Transactions transactions;
    private final Writes writes;

    /** Used by the component runtime. */
    @Activate
    public JpaSchedulingStore(@Reference Database database) {
        this.transactions = database.transactions();
        this.writes = database.writes();
    }

    @Override
    public Set<String> resourceGroups() {
        return transactions.read(entities -> new TreeSet<>(
                entities.createQuery("SELECT g.name FROM ResourceGroupRow g WHERE g.isActive = TRUE", String.class)
                        .getResultList()));
    }

    @Override
    public List<SessionRecord> pending(String resourceGroup, int limit) {
        if (limit < 1 || limit > LONGEST_QUEUE) {
            throw new IllegalArgumentException("limit " + limit + " (1 to " + LONGEST_QUEUE + ")");
        }
        return transactions.read(entities -> new SessionReader(entities)
                .records(entities.createQuery(
                                "SELECT s FROM SessionRow s WHERE s.pendingGroup = :name ORDER BY s.createdAt, s.id",
                                SessionRow.class)
                        .setParameter("name", resourceGroup)
                        .setMaxResults(limit)
                        .getResultList()));
    }

    @Override
    public List<Occupancy> occupancy(String resourceGroup) {
        return transactions.read(entities -> entities.createQuery(
                        "SELECT a FROM AllocationRow a WHERE a.resourceGroup = :name AND a.freedAt IS NULL",
                        AllocationRow.class)
                .setParameter("name", resourceGroup)
                .getResultStream()
                .map(AllocationRow::toOccupancy)
                .toList());
    }

    @Override
    public Set<SessionId> commit(String resourceGroup, long token, List<Placement> placements, Instant at) {
        return writes.commit(resourceGroup, token, placements, at);
    }
}
