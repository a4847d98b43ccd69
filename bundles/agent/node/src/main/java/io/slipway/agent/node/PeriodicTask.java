package io.slipway.agent.node;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a task again and again on one virtual thread, with the pause between that it asks for, or at once when woken. */
final class PeriodicTask {

    private static final Logger LOG = LoggerFactory.getLogger(PeriodicTask.class);

    private final String name;
    private final Duration pause;
    private final Work work;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // guarded by lock
    private boolean woken;

    private volatile boolean isStopped;

    /** What is done. */
    interface Work {
        /** Does it and returns how long to pause. */
        Duration run() throws InterruptedException;
    }

    /**
     * Creates one.
     *
     * @param pause how long to pause after a round that failed
     */
    PeriodicTask(String name, Duration pause, Work work) {
        this.name = name;
        this.pause = pause;
        this.work = work;
    }

    /** Begins; the task ends when its thread is interrupted or when it is stopped. */
    void start(ExecutorService threads) {
        threads.execute(this::loop);
    }

    /** Ends the task after the present round, without an interrupt. */
    void stop() {
        isStopped = true;
        wake();
    }

    /** Ends the present pause. */
    void wake() {
        lock.lock();
        try {
            woken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: an escaped exception would silently end all later rounds
    private Duration round() throws InterruptedException {
        try {
            return work.run();
        } catch (RuntimeException e) {
            LOG.error("{} failed, next time in {}", name, pause, e);
            return pause;
        }
    }

    private void loop() {
        try {
            while (!isStopped && !Thread.currentThread().isInterrupted()) {
                await(round());
            }
        } catch (InterruptedException e) {
            // the agent stops
            Thread.currentThread().interrupt();
        }
    }

    private void await(Duration time) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            var left = time.toNanos();
            while (!woken && left > 0) {
                left = changed.awaitNanos(left);
            }
            woken = false;
        } finally {
            lock.unlock();
        }
    }
}
