package io.slipway.plugin.lifecycle;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what nobody announces. */
final class Wait {

    private static final long LOOK_EVERY_NANOS = 1_000_000;

    private Wait() {}

    /** Looks until it is so; false if it is not within the limit, or if the thread is interrupted. */
    static boolean until(Duration limit, BooleanSupplier isSo) {
        var end = System.nanoTime() + limit.toNanos();
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
        return true;
    }
}
