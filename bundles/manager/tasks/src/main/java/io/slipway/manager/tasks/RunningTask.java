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

    RunningTask(TaskRecord task, Runnable changed, BooleanSupplier isStopping) {
        this.now = task;
        this.changed = changed;
        this.isStopping = isStopping;
    }

    TaskRecord record() {
        return now;
    }

    /** Another has claimed it: what comes of it here no longer counts. */
    void lose() {
        isLost = true;
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

    /** Returns how it ended. */
    TaskRecord ended(TaskRecord.Status status, String message, Instant at) {
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
