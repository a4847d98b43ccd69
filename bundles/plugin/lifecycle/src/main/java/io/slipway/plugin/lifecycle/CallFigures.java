package io.slipway.plugin.lifecycle;

import java.time.Duration;

/**
 * How calls went in a window.
 *
 * @param calls how many ended
 * @param failed how many of them failed
 * @param durations how many of those that did not fail fell into each bucket of {@link CallWindow}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never changed
record CallFigures(long calls, long failed, long[] durations) {

    static final CallFigures NONE = new CallFigures(0, 0, new long[0]);

    CallFigures plus(CallFigures other) {
        var sum = new long[Math.max(durations.length, other.durations.length)];
        add(durations, sum);
        add(other.durations, sum);
        return new CallFigures(calls + other.calls, failed + other.failed, sum);
    }

    private static void add(long[] from, long[] to) {
        for (var bucket = 0; bucket < from.length; bucket++) {
            to[bucket] += from[bucket];
        }
    }

    /** Returns how many calls have a duration. */
    long timed() {
        long sum = 0;
        for (var count : durations) {
            sum += count;
        }
        return sum;
    }

    /** Returns how long that share of the calls took at most, at a resolution of a quarter octave; zero if there were none. */
    Duration quantile(double share) {
        var rank = (long) Math.ceil(timed() * share);
        long seen = 0;
        for (var bucket = 0; bucket < durations.length; bucket++) {
            seen += durations[bucket];
            if (durations[bucket] > 0 && seen >= rank) {
                return CallWindow.atMost(bucket);
            }
        }
        return Duration.ZERO;
    }
}
