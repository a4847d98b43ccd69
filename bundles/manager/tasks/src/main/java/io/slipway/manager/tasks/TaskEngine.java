package io.slipway.manager.tasks;

import io.slipway.manager.api.TaskRunner;
import io.slipway.manager.store.TaskRecord;
import io.slipway.manager.store.TaskStore;
import io.slipway.model.failure.SlipwayException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims stored tasks and runs them. One thread claims, prolongs claims and stores progress; each task has a thread of its
 * own. Nobody is interrupted: a runner may be writing to an embedded database.
 */
final class TaskEngine {

    private static final Logger LOG = LoggerFactory.getLogger(TaskEngine.class);
    private static final Duration ROUND = Duration.ofSeconds(1);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(3);
    private static final Duration PURGE_EVERY = Duration.ofMinutes(10);
    /** A kind that nobody does any more is given up. */
    private static final Duration RUNNER_PATIENCE = Duration.ofMinutes(10);

    private final TaskStore store;
    private final Runners runners;
    private final InstantSource clock;
    private final Settings settings;
    private final Runnable changed;
    private final ConcurrentMap<UUID, RunningTask> running = new ConcurrentHashMap<>();
    private final BlockingQueue<Boolean> wakes = new ArrayBlockingQueue<>(1); // one waiting wake stands for many
    private final Thread thread =
            Thread.ofPlatform().daemon().name("slipway-tasks").unstarted(this::rounds);
    private Instant nextPurge = Instant.MIN;
    private volatile boolean isStopped;

    /**
     * How it runs tasks.
     *
     * @param name who claims; unique among all managers and their earlier processes
     * @param atOnce tasks at once
     * @param claim how long a claim holds
     * @param retention how long ended tasks are kept
     */
    record Settings(String name, int atOnce, Duration claim, Duration retention) {}

    TaskEngine(TaskStore store, Runners runners, InstantSource clock, Settings settings, Runnable changed) {
        this.store = store;
        this.runners = runners;
        this.clock = clock;
        this.settings = settings;
        this.changed = changed;
    }

    void start() {
        thread.start();
    }

    void wake() {
        wakes.offer(true);
    }

    /** Returns a task that runs here, as it is now. */
    Optional<TaskRecord> running(UUID task) {
        return Optional.ofNullable(running.get(task)).map(RunningTask::record);
    }

    void stop() {
        isStopped = true;
        wake();
        try {
            if (!thread.join(STOP_PATIENCE)) {
                LOG.warn("Background tasks still busy {} after stop", STOP_PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void rounds() {
        try {
            while (!isStopped) {
                survive(this::round);
                wakes.poll(ROUND.toMillis(), TimeUnit.MILLISECONDS);
            }
            var end = System.nanoTime() + STOP_PATIENCE.dividedBy(2).toNanos();
            while (!running.isEmpty() && System.nanoTime() < end) {
                wakes.poll(50, TimeUnit.MILLISECONDS);
            }
            survive(() -> store.release(settings.name()));
        } catch (InterruptedException e) {
            LOG.warn("The thread of background tasks was interrupted; they go on after the next start");
        }
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: a store that is away now is there later
    private static void survive(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.warn("Background tasks could not be looked after, next try within {}: {}", ROUND, e.getMessage());
        }
    }

    private void round() {
        var now = clock.instant();
        running.values().forEach(task -> keep(task, now));
        var free = settings.atOnce() - running.size();
        if (free > 0) {
            store.claim(settings.name(), now, now.plus(settings.claim()), free).forEach(task -> begin(task, now));
        }
        if (now.isAfter(nextPurge)) {
            nextPurge = now.plus(PURGE_EVERY);
            store.purge(now.minus(settings.retention()));
        }
    }

    private void keep(RunningTask task, Instant now) {
        if (!store.progress(settings.name(), task.record(), now.plus(settings.claim()))
                && running.get(task.record().id()) == task
                && task.lose()) {
            LOG.warn("task={} is run by another manager now", task.record().id());
        }
    }

    private void begin(TaskRecord task, Instant now) {
        var runner = runners.find(task.kind());
        var entry = new RunningTask(task, changed, () -> isStopped);
        if (runner.isPresent()) {
            running.put(task.id(), entry);
            Thread.ofVirtual().name("slipway-task-" + task.id()).start(() -> run(entry, runner.get()));
        } else if (task.createdAt().plus(RUNNER_PATIENCE).isBefore(now)) {
            var words = "nobody here does tasks of the kind " + task.kind();
            store.finish(settings.name(), entry.ended(TaskRecord.Status.FAILED, words, micros(now)));
            changed.run();
        }
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: whatever goes wrong, the task must end
    private void run(RunningTask task, TaskRunner runner) {
        var id = task.record().id();
        try {
            var words = runner.run(task.record().arguments(), task);
            if (!task.isStopping()) {
                end(task, TaskRecord.Status.DONE, words);
            }
        } catch (SlipwayException e) {
            LOG.info("task={} kind={} failed: {}", id, runner.kind(), e.getMessage());
            end(task, TaskRecord.Status.FAILED, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("task={} kind={} failed", id, runner.kind(), e);
            end(task, TaskRecord.Status.FAILED, "internal failure; the server's log has it under " + id);
        } finally {
            running.remove(id);
            changed.run();
            wake();
        }
    }

    private void end(RunningTask task, TaskRecord.Status status, String words) {
        if (task.isLost()) {
            return;
        }
        // a task whose end cannot be stored is run again when its claim is over
        survive(() -> store.finish(settings.name(), task.ended(status, words, micros(clock.instant()))));
    }

    /** What databases keep of a moment. */
    private static Instant micros(Instant moment) {
        return moment.truncatedTo(ChronoUnit.MICROS);
    }
}
