package io.slipway.plugin.lifecycle;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** Counts calls of one method and how long they took, in buckets of a quarter octave from 1 us to 134 s. Thread-safe. */
final class CallWindow {

    private static final int OCTAVES = 27;
    private static final int PER_OCTAVE = 4;
    private static final int BUCKETS = OCTAVES * PER_OCTAVE + 1;

    private final LongAdder calls = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final AtomicLongArray durations = new AtomicLongArray(BUCKETS);

    void add(long nanos, boolean isFailed) {
        calls.increment();
        if (isFailed) {
            failed.increment();
        } else {
            durations.getAndIncrement(bucket(nanos));
        }
    }

    CallFigures figures() {
        var copy = new long[BUCKETS];
        for (var bucket = 0; bucket < BUCKETS; bucket++) {
            copy[bucket] = durations.get(bucket);
        }
        return new CallFigures(calls.sum(), failed.sum(), copy);
    }

    /** The first bucket is for less than a microsecond. */
    static int bucket(long nanos) {
        var quarterMicros = nanos / 250;
        if (quarterMicros < PER_OCTAVE) {
            return 0;
        }
        var octave = Long.SIZE - 1 - Long.numberOfLeadingZeros(quarterMicros / PER_OCTAVE);
        var quarter = (int) (quarterMicros >> octave) - PER_OCTAVE;
        return Math.min(1 + octave * PER_OCTAVE + quarter, BUCKETS - 1);
    }

    /** Returns the upper end of a bucket. */
    static Duration atMost(int bucket) {
        if (bucket == 0) {
            return Duration.ofNanos(1_000);
        }
        var octave = (bucket - 1) / PER_OCTAVE;
        var quarter = (bucket - 1) % PER_OCTAVE;
        return Duration.ofNanos((PER_OCTAVE + quarter + 1L) * 250 * (1L << octave));
    }
}
