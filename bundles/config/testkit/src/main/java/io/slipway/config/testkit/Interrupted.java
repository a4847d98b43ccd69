package io.slipway.config.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.config.spi.ConfigStoreException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Calls of threads that were told to end. */
final class Interrupted {

    private Interrupted() {}

    /** A call to a store. */
    interface Call {
        void run() throws ConfigStoreException;
    }

    /** Fails unless a call on an interrupted thread ends within the limit, and leaves the thread interrupted. */
    @SuppressWarnings("IllegalCatch") // thread boundary: the test fails with what the thread failed with
    static void endsInTime(Call call, Duration limit) throws InterruptedException {
        var isStillInterrupted = new CompletableFuture<Boolean>();
        var thread = Thread.ofPlatform().daemon().start(() -> {
            Thread.currentThread().interrupt();
            try {
                call.run();
                isStillInterrupted.complete(Thread.currentThread().isInterrupted());
            } catch (ConfigStoreException e) {
                isStillInterrupted.complete(Thread.currentThread().isInterrupted()); // to fail is as good as to answer
            } catch (RuntimeException | Error e) {
                isStillInterrupted.completeExceptionally(e);
            }
        });
        assertTrue(thread.join(limit), () -> "a call on an interrupted thread does not end in " + limit);
        try {
            assertTrue(isStillInterrupted.join(), "the interrupt got lost");
        } catch (CompletionException e) {
            throw new AssertionError("a call on an interrupted thread broke", e.getCause());
        }
    }
}
