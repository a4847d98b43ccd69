package io.slipway.manager.tasks;

import io.slipway.manager.api.TaskRunner;
import io.slipway.manager.store.TaskRecord;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A task that runs here. Told to by its own thread, looked at by others. */
final class RunningTask implements TaskRunner.Progress {

    private static final int LONGEST_MESSAGE = 1_000;

    // written by the thread that runs it alone
    private volatile TaskRecord now;
    private final Runnable changed;
    private final BooleanSupplier isStopping;
    private volatile boolean isLost;
    private volatile boolean isOver;

    RunningTask(TaskRecord task, Runnable changed, BooleanSupplier isStopping) {
        this.now = task;
        this.changed = changed;
        this.isStopping = isStopping;
    }

    TaskRecord record() {
        return now;
    }

    /**
     * Its claim is no longer held. Unless that is because it has ended, another has it, and what comes of it here no longer
     * counts.
     *
     * @return whether another has it
     */
    boolean lose() {
        isLost |= !isOver;
        return isLost;
    }

    boolean isLost() {
        return isLost;
    }

    @Override
    public void tell(long current, long total, String message) {
        now = with(now, TaskRecord.Status.STARTED, message, current, total, null);
        changed.run();
    }

    @Override
    public boolean isStopping() {
        return isLost || isStopping.getAsBoolean();
    }

    /** Returns how it ended; from now on nobody can lose it. */
    TaskRecord ended(TaskRecord.Status status, String message, Instant at) {
        isOver = true;
        var task = now;
        return with(task, status, message, task.current(), task.total(), at);
    }

    private static TaskRecord with(
            TaskRecord task,
            TaskRecord.Status status,
            String message,
            long current,
            long total,
            @Nullable Instant finishedAt) {
        var kept = message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) : message;
        return new TaskRecord(
                task.id(),
                task.kind(),
                task.owner(),
                task.arguments(),
                status,
                kept,
                Math.max(0, current),
                Math.max(0, total),
                task.createdAt(),
                finishedAt);
    }
}
