package io.slipway.plugin.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class LeaseCounterTest {

    @Test
    void refusesAfterRetirement() {
        var counter = new LeaseCounter();
        assertTrue(counter.tryAcquire());
        counter.retire();
        assertFalse(counter.tryAcquire());
        assertEquals(1, counter.inFlight());
        counter.release();
        assertEquals(0, counter.inFlight());
    }

    /** The promise that a drain rests on: once retired, a count of zero means that nobody uses the provider. */
    @RepeatedTest(20)
    void neverSaysZeroWhileSomebodyUsesIt() throws Exception {
        var counter = new LeaseCounter();
        var inUse = new AtomicInteger();
        var started = new CountDownLatch(4);
        try (var users = Executors.newFixedThreadPool(4)) {
            IntStream.range(0, 4)
                    .forEach(any -> users.execute(() -> {
                        started.countDown();
                        while (counter.tryAcquire()) {
                            inUse.incrementAndGet();
                            Thread.onSpinWait();
                            inUse.decrementAndGet();
                            counter.release();
                        }
                    }));
            started.await();
            counter.retire();
            while (counter.inFlight() != 0) {
                Thread.onSpinWait();
            }
            assertEquals(0, inUse.get());
        }
    }
}
