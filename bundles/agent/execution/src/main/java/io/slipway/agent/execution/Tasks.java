package io.slipway.agent.execution;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ends of one kernel's tasks, as far as somebody here asked for them. Thread-safe. */
final class Tasks {

    private final ConcurrentMap<String, CompletableFuture<Integer>> ends = new ConcurrentHashMap<>();

    /** Returns what completes with the task's exit status. */
    CompletableFuture<Integer> end(String name) {
        return ends.computeIfAbsent(name, key -> new CompletableFuture<>());
    }

    /** Waits a while for an end, which may come later. */
    static void await(CompletableFuture<Integer> end, long nanos) throws InterruptedException {
        var latch = new CountDownLatch(1);
        var _ = end.thenRun(latch::countDown);
        var _ = latch.await(nanos, TimeUnit.NANOSECONDS);
    }

    /** Takes what the driver tells. */
    void ended(String name, long status) {
        var end = ends.get(name);
        if (end != null && status >= 0 && status <= 255) {
            end.complete((int) status);
        }
    }
}
