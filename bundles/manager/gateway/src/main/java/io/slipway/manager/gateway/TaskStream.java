package io.slipway.manager.gateway;

import io.slipway.lib.http.EventStream;
import io.slipway.manager.api.BackgroundTasks;
import io.slipway.manager.store.TaskRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** How far a background task has come, on its way to one client. Confined to one thread. */
final class TaskStream {

    /** Seconds to the usual client, as the protocol has it. */
    private static final int RETRY = 5;

    /**
     * The usual client starts its progress display when the answer begins and fails if the end of the task comes in the
     * same breath; so the first event comes a moment later.
     */
    private static final Duration FIRST_BREATH = Duration.ofMillis(200);

    private final EventStream stream;
    private final BackgroundTasks tasks;
    private final StreamPulse pulse;

    TaskStream(EventStream stream, BackgroundTasks tasks, StreamPulse pulse) {
        this.stream = stream;
        this.tasks = tasks;
        this.pulse = pulse;
    }

    void run(TaskRecord found) throws IOException {
        var task = found;
        pulse.beat(stream);
        LockSupport.parkNanos(FIRST_BREATH.toNanos());
        send(task);
        while (!task.isFinished() && pulse.goesOn()) {
            var next = tasks.awaitChange(task, StreamPulse.SLICE);
            if (next.equals(task)) {
                pulse.beat(stream);
            } else {
                task = next;
                send(task);
            }
        }
        if (task.isFinished()) {
            stream.send("server_close", "{}");
        }
    }

    private void send(TaskRecord task) throws IOException {
        var data = Json.text(EventAnswers.of(task));
        switch (task.status()) {
            case STARTED -> stream.send("bgtask_updated", data, RETRY);
            case DONE -> stream.send("bgtask_done", data);
            case CANCELLED -> stream.send("bgtask_cancelled", data);
            case FAILED -> stream.send("bgtask_failed", data);
        }
    }
}
