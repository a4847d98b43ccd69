package io.slipway.plugin.lifecycle;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts uses in flight of one provider without contention. Two adders that only grow: reading the released ones first can
 * count too many uses, never too few, so that zero really means that nobody is left once the counter is retired.
 */
final class LeaseCounter {

    private final LongAdder acquired = new LongAdder();
    private final LongAdder released = new LongAdder();
    private volatile boolean isRetired;

    /** Counts a use; false if the provider is retired, then nothing is counted. */
    boolean tryAcquire() {
        acquired.increment();
        if (isRetired) {
            released.increment();
            return false;
        }
        return true;
    }

    void release() {
        released.increment();
    }

    /** Refuses uses from now on. */
    void retire() {
        isRetired = true;
    }

    /** Returns uses in flight; after {@link #retire} zero stays zero. */
    long inFlight() {
        var ended = released.sum();
        return acquired.sum() - ended;
    }
}
