package io.slipway.itests.bad;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Sits still and hears no interrupt. */
final class Deafness {

    private Deafness() {}

    static void sit() {
        var end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (System.nanoTime() < end) {
            Thread.interrupted();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }
}
