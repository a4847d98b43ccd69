package io.slipway.manager.tasks;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.store.TaskRecord;
import io.slipway.model.identity.AccessKey;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RunningTaskTest {

    private final RunningTask task = new RunningTask(
            new TaskRecord(
                    UUID.randomUUID(),
                    "count",
                    new AccessKey("AKIATESTTESTTESTTEST"),
                    Map.of(),
                    TaskRecord.Status.STARTED,
                    "",
                    0,
                    0,
                    Instant.EPOCH,
                    null),
            () -> {},
            () -> false);

    @Test
    void isToldToStopWhenAnotherHasIt() {
        assertTrue(task.lose());
        assertTrue(task.isLost());
        assertTrue(task.isStopping());
    }

    @Test
    void isNotLostBecauseItsEndIsStored() {
        task.ended(TaskRecord.Status.DONE, "counted", Instant.EPOCH);
        assertFalse(task.lose());
        assertFalse(task.isLost());
    }
}
