package io.slipway.manager.persistence.row;

import io.slipway.manager.store.TaskRecord;
import io.slipway.model.identity.AccessKey;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A background task. */
@Entity
@Table(name = "tasks")
@SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // filled by the persistence provider, read by queries
public class TaskRow {

    @Id
    private UUID id;

    private String kind;

    @Column(name = "owner_key")
    private String owner;

    private String arguments;

    @Enumerated(EnumType.STRING)
    private TaskRecord.Status status;

    private String message;

    @Column(name = "steps_done")
    private long stepsDone;

    @Column(name = "steps_total")
    private long stepsTotal;

    @Column(name = "created_at")
    private long createdAt;

    @Column(name = "finished_at")
    private @Nullable Long finishedAt;

    @Column(name = "claimed_by")
    private @Nullable String claimedBy;

    @Column(name = "claimed_until")
    private @Nullable Long claimedUntil;

    /** For the persistence provider. */
    protected TaskRow() {}

    /** Makes the row of a new task. */
    public TaskRow(TaskRecord task) {
        id = task.id();
        kind = task.kind();
        owner = task.owner().value();
        arguments = JsonText.of(task.arguments());
        createdAt = Micros.of(task.createdAt());
        describe(task);
    }

    /** Takes over how far a task has come. */
    public final void describe(TaskRecord task) {
        status = task.status();
        message = StoredText.reason(task.message());
        stepsDone = task.current();
        stepsTotal = task.total();
        finishedAt = Micros.ofNullable(task.finishedAt());
    }

    /** Prolongs the claim. */
    public void claimedUntil(long until) {
        claimedUntil = until;
    }

    /** Returns whether somebody holds it and it has not ended. */
    public boolean isHeldBy(String runner) {
        return runner.equals(claimedBy) && finishedAt == null;
    }

    /** Returns the value for the ports. */
    public TaskRecord toRecord() {
        return new TaskRecord(
                id,
                kind,
                new AccessKey(owner),
                JsonText.textMap(arguments),
                status,
                message,
                stepsDone,
                stepsTotal,
                Micros.instant(createdAt),
                Micros.instantOrNull(finishedAt));
    }
}
