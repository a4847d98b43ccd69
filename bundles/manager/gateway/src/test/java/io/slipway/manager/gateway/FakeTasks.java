package io.slipway.manager.gateway;

import io.slipway.manager.api.BackgroundTasks;
import io.slipway.manager.store.TaskRecord;
import io.slipway.model.identity.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Tasks that a test moves on. */
final class FakeTasks implements BackgroundTasks {

    final ConcurrentMap<UUID, TaskRecord> records = new ConcurrentHashMap<>();

    @Override
    public TaskRecord start(Principal caller, String kind, Map<String, String> arguments) {
        var task = new TaskRecord(
                UUID.randomUUID(),
                kind,
                caller.accessKey(),
                arguments,
                TaskRecord.Status.STARTED,
                "",
                0,
                0,
                Instant.EPOCH,
                null);
        records.put(task.id(), task);
        return task;
    }

    void move(TaskRecord task, TaskRecord.Status status, String message, long current) {
        records.put(
                task.id(),
                new TaskRecord(
                        task.id(),
                        task.kind(),
                        task.owner(),
                        task.arguments(),
                        status,
                        message,
                        current,
                        2,
                        task.createdAt(),
                        status == TaskRecord.Status.STARTED ? null : Instant.EPOCH));
    }

    @Override
    public Optional<TaskRecord> find(Principal caller, UUID task) {
        return Optional.ofNullable(records.get(task))
                .filter(found -> caller.isSuperadmin() || found.owner().equals(caller.accessKey()));
    }

    @Override
    public TaskRecord awaitChange(TaskRecord known, Duration limit) {
        var end = System.nanoTime() + Math.min(limit.toNanos(), 20_000_000);
        while (records.get(known.id()).equals(known) && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        return records.get(known.id());
    }
}
