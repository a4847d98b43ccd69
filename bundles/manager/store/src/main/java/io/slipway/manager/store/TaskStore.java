package io.slipway.manager.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/** Background tasks. Each method is one transaction. Thread-safe; calls block; see {@link SessionStore} for failures. */
@ProviderType
public interface TaskStore {

    /** Stores a new task. */
    void insert(TaskRecord task);

    /** Returns a task. */
    Optional<TaskRecord> find(UUID task);

    /**
     * Claims tasks that are not finished and that nobody has claimed, or whose claim has ended, oldest first.
     *
     * @param runner who claims
     * @param until when the claim ends by itself
     * @param limit at most so many, 1 to 100
     */
    List<TaskRecord> claim(String runner, Instant now, Instant until, int limit);

    /**
     * Stores how far a claimed task has come and prolongs the claim.
     *
     * @return false if another has claimed it meanwhile, or it has ended; nothing was stored, then
     */
    boolean progress(String runner, TaskRecord task, Instant until);

    /**
     * Stores the end of a claimed task.
     *
     * @return false if another has claimed it meanwhile, or it has ended already; nothing was stored, then
     */
    boolean finish(String runner, TaskRecord task);

    /** Gives claims back, so that another run may begin at once. */
    void release(String runner);

    /** Deletes tasks that ended before a moment; returns how many. */
    int purge(Instant finishedBefore);
}
