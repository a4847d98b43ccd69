package io.slipway.agent.node;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a task again and again on one virtual thread, with a pause between, or at once when woken. */
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
        void run() throws InterruptedException;
    }

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
    private void loop() {
        try {
            while (!isStopped && !Thread.currentThread().isInterrupted()) {
                try {
                    work.run();
                } catch (RuntimeException e) {
                    LOG.error("{} failed, next time in {}", name, pause, e);
                }
                await();
            }
        } catch (InterruptedException e) {
            // the agent stops
            Thread.currentThread().interrupt();
        }
    }

    private void await() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            var left = pause.toNanos();
            while (!woken && left > 0) {
                left = changed.awaitNanos(left);
            }
            woken = false;
        } finally {
            lock.unlock();
        }
    }
}
