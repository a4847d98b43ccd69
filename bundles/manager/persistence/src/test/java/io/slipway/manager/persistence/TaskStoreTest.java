package io.slipway.manager.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.store.TaskRecord;
import io.slipway.model.identity.AccessKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** On a database that holds nothing else: claims are of all tasks there are. */
@ParameterizedClass
@MethodSource("io.slipway.manager.persistence.DatabaseKind#all")
class TaskStoreTest {

    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
    private static final Instant SOON = NOW.plusSeconds(30);

    private final JpaTaskStore tasks;

    TaskStoreTest(DatabaseKind kind) {
        this.tasks = new JpaTaskStore(kind.emptied());
    }

    private TaskRecord task(int second) {
        var task = new TaskRecord(
                UUID.randomUUID(),
                "image-rescan",
                new AccessKey("AKIATESTTESTTESTTEST"),
                Map.of("registry", "local"),
                TaskRecord.Status.STARTED,
                "",
                0,
                0,
                NOW.plusSeconds(second),
                null);
        tasks.insert(task);
        return task;
    }

    private static TaskRecord at(TaskRecord task, TaskRecord.Status status, String message, Instant finishedAt) {
        return new TaskRecord(
                task.id(),
                task.kind(),
                task.owner(),
                task.arguments(),
                status,
                message,
                3,
                7,
                task.createdAt(),
                finishedAt);
    }

    @Test
    void keepsTasks() {
        var task = task(0);
        assertEquals(Optional.of(task), tasks.find(task.id()));
        assertEquals(Optional.empty(), tasks.find(UUID.randomUUID()));
    }

    @Test
    void givesEachTaskToOneRunnerOldestFirst() {
        var second = task(2);
        var first = task(1);
        assertEquals(List.of(first), tasks.claim("a", NOW, SOON, 1));
        assertEquals(List.of(second), tasks.claim("b", NOW, SOON, 10));
        assertEquals(List.of(), tasks.claim("a", NOW, SOON, 10));
        // b died: its claim ends by itself; a prolonged its own
        assertTrue(tasks.progress("a", at(first, TaskRecord.Status.STARTED, "x", null), SOON.plusSeconds(30)));
        assertEquals(List.of(second), tasks.claim("a", SOON.plusSeconds(1), SOON.plusSeconds(60), 10));
        assertFalse(tasks.progress("b", at(second, TaskRecord.Status.STARTED, "late", null), SOON));
        assertFalse(tasks.finish("b", at(second, TaskRecord.Status.DONE, "late", SOON)));
    }

    @Test
    void storesProgressAndEndOnce() {
        var task = task(0);
        assertEquals(1, tasks.claim("a", NOW, SOON, 10).size());
        var half = at(task, TaskRecord.Status.STARTED, "half\0", null);
        assertTrue(tasks.progress("a", half, SOON));
        assertEquals("half\uFFFD", tasks.find(task.id()).orElseThrow().message());
        var done = at(task, TaskRecord.Status.DONE, "all", SOON);
        assertTrue(tasks.finish("a", done));
        assertEquals(Optional.of(done), tasks.find(task.id()));
        assertFalse(tasks.finish("a", at(task, TaskRecord.Status.FAILED, "again", SOON)));
        assertEquals(List.of(), tasks.claim("b", SOON.plusSeconds(100), SOON.plusSeconds(200), 10));
        assertEquals(0, tasks.purge(SOON));
        assertEquals(1, tasks.purge(SOON.plusSeconds(1)));
    }

    @Test
    void givesClaimsBack() {
        var task = task(0);
        assertEquals(1, tasks.claim("a", NOW, SOON, 10).size());
        tasks.release("a");
        assertEquals(List.of(task), tasks.claim("b", NOW, SOON, 10));
    }
}
