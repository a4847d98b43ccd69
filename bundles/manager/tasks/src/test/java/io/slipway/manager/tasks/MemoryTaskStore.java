package io.slipway.manager.tasks;

import io.slipway.manager.store.TaskRecord;
import io.slipway.manager.store.TaskStore;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Tasks in memory, with claims as the real one keeps them. */
final class MemoryTaskStore implements TaskStore {

    private record Claim(String runner, Instant until) {}

    private final Map<UUID, TaskRecord> tasks = new HashMap<>();
    private final Map<UUID, Claim> claims = new HashMap<>();
    private boolean isAway;

    synchronized void away(boolean away) {
        isAway = away;
    }

    private void check() {
        if (isAway) {
            throw new IllegalStateException("the store is away");
        }
    }

    @Override
    public synchronized void insert(TaskRecord task) {
        check();
        tasks.put(task.id(), task);
    }

    @Override
    public synchronized Optional<TaskRecord> find(UUID task) {
        check();
        return Optional.ofNullable(tasks.get(task));
    }

    @Override
    public synchronized List<TaskRecord> claim(String runner, Instant now, Instant until, int limit) {
        check();
        var claimed = tasks.values().stream()
                .filter(task -> !task.isFinished())
                .filter(task -> !claims.containsKey(task.id())
                        || claims.get(task.id()).until().isBefore(now))
                .sorted(Comparator.comparing(TaskRecord::createdAt))
                .limit(limit)
                .toList();
        claimed.forEach(task -> claims.put(task.id(), new Claim(runner, until)));
        return claimed;
    }

    private boolean isHeld(String runner, TaskRecord task) {
        check();
        return claims.containsKey(task.id())
                && claims.get(task.id()).runner().equals(runner)
                && !tasks.get(task.id()).isFinished();
    }

    @Override
    public synchronized boolean progress(String runner, TaskRecord task, Instant until) {
        if (!isHeld(runner, task)) {
            return false;
        }
        tasks.put(task.id(), task);
        claims.put(task.id(), new Claim(runner, until));
        return true;
    }

    @Override
    public synchronized boolean finish(String runner, TaskRecord task) {
        if (!isHeld(runner, task)) {
            return false;
        }
        tasks.put(task.id(), task);
        return true;
    }

    @Override
    public synchronized void release(String runner) {
        claims.values().removeIf(claim -> claim.runner().equals(runner));
    }

    @Override
    public synchronized int purge(Instant finishedBefore) {
        return 0;
    }
}
