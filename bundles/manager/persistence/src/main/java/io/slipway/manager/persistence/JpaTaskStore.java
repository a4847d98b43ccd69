package io.slipway.manager.persistence;

import io.slipway.manager.persistence.row.Micros;
import io.slipway.manager.persistence.row.TaskRow;
import io.slipway.manager.store.TaskRecord;
import io.slipway.manager.store.TaskStore;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Keeps background tasks in a table. */
@Component
public final class JpaTaskStore implements TaskStore {

    private static final int LARGEST_CLAIM = 100;

    private final Transactions transactions;
    private final Writes writes;

    /** Used by the component runtime. */
    @Activate
    public JpaTaskStore(@Reference Database database) {
        this.transactions = database.transactions();
        this.writes = database.writes();
    }

    @Override
    public void insert(TaskRecord task) {
        writes.write(Set.of(), entities -> {
            entities.persist(new TaskRow(task));
            return task;
        });
    }

    @Override
    public Optional<TaskRecord> find(UUID task) {
        return transactions.read(entities ->
                Optional.ofNullable(entities.find(TaskRow.class, task)).map(TaskRow::toRecord));
    }

    @Override
    public List<TaskRecord> claim(String runner, Instant now, Instant until, int limit) {
        if (limit < 1 || limit > LARGEST_CLAIM) {
            throw new IllegalArgumentException("limit " + limit + " (1 to " + LARGEST_CLAIM + ")");
        }
        return writes.write(
                Set.of(),
                entities -> entities
                        .createQuery(
                                "SELECT t FROM TaskRow t WHERE t.finishedAt IS NULL AND (t.claimedUntil IS NULL OR"
                                        + " t.claimedUntil < :now) ORDER BY t.createdAt, t.id",
                                TaskRow.class)
                        .setParameter("now", Micros.of(now))
                        .setMaxResults(limit)
                        .getResultList()
                        .stream()
                        .map(TaskRow::toRecord)
                        .filter(task -> isClaimed(entities, runner, task.id(), now, until))
                        .toList());
    }

    /** Decides between two that saw the same free task: the update of the second finds it taken. */
    private static boolean isClaimed(EntityManager entities, String runner, UUID task, Instant now, Instant until) {
        return entities.createQuery(
                                "UPDATE TaskRow t SET t.claimedBy = :runner, t.claimedUntil = :until WHERE t.id = :id"
                                        + " AND t.finishedAt IS NULL AND (t.claimedUntil IS NULL OR t.claimedUntil <"
                                        + " :now)")
                        .setParameter("runner", runner)
                        .setParameter("until", Micros.of(until))
                        .setParameter("id", task)
                        .setParameter("now", Micros.of(now))
                        .executeUpdate()
                == 1;
    }

    @Override
    public boolean progress(String runner, TaskRecord task, Instant until) {
        return change(runner, task, Micros.of(until));
    }

    @Override
    public boolean finish(String runner, TaskRecord task) {
        return change(runner, task, 0);
    }

    private boolean change(String runner, TaskRecord task, long until) {
        return writes.write(Set.of(), entities -> {
            var row = entities.find(TaskRow.class, task.id(), LockModeType.PESSIMISTIC_WRITE);
            if (row == null || !row.isHeldBy(runner)) {
                return false;
            }
            row.describe(task);
            row.claimedUntil(until);
            return true;
        });
    }

    @Override
    public void release(String runner) {
        writes.write(
                Set.of(),
                entities -> entities.createQuery("UPDATE TaskRow t SET t.claimedBy = NULL, t.claimedUntil = NULL"
                                + " WHERE t.claimedBy = :runner AND t.finishedAt IS NULL")
                        .setParameter("runner", runner)
                        .executeUpdate());
    }

    @Override
    public int purge(Instant finishedBefore) {
        return writes.write(
                Set.of(),
                entities -> entities.createQuery("DELETE FROM TaskRow t WHERE t.finishedAt < :before")
                        .setParameter("before", Micros.of(finishedBefore))
                        .executeUpdate());
    }
}
