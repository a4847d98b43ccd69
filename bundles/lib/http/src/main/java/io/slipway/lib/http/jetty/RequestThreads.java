package io.slipway.lib.http.jetty;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** A virtual thread for each task, so that those still at work can be interrupted in the end. */
final class RequestThreads implements Executor, AutoCloseable {

    private final Set<Thread> atWork = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread.Builder builder;

    RequestThreads(String namePrefix) {
        this.builder = Thread.ofVirtual().name(namePrefix, 0);
    }

    @Override
    public void execute(Runnable task) {
        // a builder with a counter is not thread-safe, its factory is
        builder.unstarted(() -> run(task)).start();
    }

    private void run(Runnable task) {
        var thread = Thread.currentThread();
        atWork.add(thread);
        try {
            task.run();
        } finally {
            atWork.remove(thread);
        }
    }

    /** Interrupts whoever is at work then, unless closed before. */
    void interruptAllAfter(Duration delay) {
        Thread.ofVirtual().start(() -> {
            try {
                if (!closed.await(Math.max(1, delay.toMillis()), TimeUnit.MILLISECONDS)) {
                    atWork.forEach(Thread::interrupt);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Waits until nobody is at work any more, or the limit is over. */
    void awaitEnd(Duration limit) {
        var end = System.nanoTime() + limit.toNanos();
        try {
            for (var thread : atWork) {
                thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        atWork.forEach(Thread::interrupt);
    }
}
