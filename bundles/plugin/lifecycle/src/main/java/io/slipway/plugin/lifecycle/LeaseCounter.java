package io.slipway.plugin.lifecycle;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts uses in flight of one provider, each thread on a cache line of its own. Begun and ended uses are counted apart and
 * only grow: reading the ended ones first can count too many uses, never too few, so that zero really means that nobody is
 * left once the counter is retired.
 *
 * <p>Not {@code LongAdder}: its increments do not order the read of {@link #isRetired} behind them.
 */
final class LeaseCounter {

    private static final int STRIPES =
            Integer.highestOneBit(Math.clamp(Runtime.getRuntime().availableProcessors() * 2L - 1, 1, 64));

    /** Longs from stripe to stripe: two cache lines, since processors fetch them in pairs. */
    private static final int PITCH = 16;

    private static final int BEGUN = PITCH; // keeps clear of the array's length
    private static final int ENDED = BEGUN + 1;

    private final AtomicLongArray counts = new AtomicLongArray((STRIPES + 2) * PITCH);
    private volatile boolean isRetired;

    /** Counts a use; false if the provider is retired, then nothing is counted. */
    boolean tryAcquire() {
        var stripe = stripe();
        counts.getAndIncrement(BEGUN + stripe);
        if (isRetired) {
            counts.getAndIncrement(ENDED + stripe);
            return false;
        }
        return true;
    }

    /** Ends a use; any thread may. */
    void release() {
        counts.getAndIncrement(ENDED + stripe());
    }

    /** Refuses uses from now on. */
    void retire() {
        isRetired = true;
    }

    /** Takes uses again. */
    void reopen() {
        isRetired = false;
    }

    boolean isRetired() {
        return isRetired;
    }

    /** Returns uses in flight; after {@link #retire} zero stays zero. */
    long inFlight() {
        var ended = sum(ENDED);
        return sum(BEGUN) - ended;
    }

    private long sum(int first) {
        long sum = 0;
        for (var stripe = 0; stripe < STRIPES; stripe++) {
            sum += counts.get(first + stripe * PITCH);
        }
        return sum;
    }

    private static int stripe() {
        return ((int) Thread.currentThread().threadId() & (STRIPES - 1)) * PITCH;
    }
}
