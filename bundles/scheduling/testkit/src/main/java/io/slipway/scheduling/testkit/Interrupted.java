package io.slipway.scheduling.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** Calls of threads that were told to end. */
final class Interrupted {

    private Interrupted() {}

    private record Outcome<T>(T answer, boolean isStillInterrupted) {}

    /** Returns what a pure function answers on an interrupted thread; fails unless it leaves the thread interrupted. */
    @SuppressWarnings("IllegalCatch") // thread boundary: the test fails with what the thread failed with
    static <T> T answer(Supplier<T> function, Duration limit) throws InterruptedException {
        var outcome = new CompletableFuture<Outcome<T>>();
        var thread = Thread.ofPlatform().daemon().start(() -> {
            Thread.currentThread().interrupt();
            try {
                var answer = function.get();
                outcome.complete(new Outcome<>(answer, Thread.currentThread().isInterrupted()));
            } catch (RuntimeException | Error e) {
                outcome.completeExceptionally(e);
            }
        });
        assertTrue(thread.join(limit), () -> "no answer on an interrupted thread after " + limit);
        try {
            assertTrue(outcome.join().isStillInterrupted(), "the interrupt got lost");
            return outcome.join().answer();
        } catch (CompletionException e) {
            throw new AssertionError("fails on an interrupted thread, though it waits for nothing", e.getCause());
        }
    }
}
