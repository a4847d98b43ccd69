package io.slipway.agent.node;

import java.time.Duration;

/**
 * A moment by the monotonic clock.
 *
 * @param nanoTime that moment, comparable with {@link System#nanoTime()}
 */
record Deadline(long nanoTime) {

    private static final Duration LEAST = Duration.ofMillis(1);

    static Deadline in(Duration limit) {
        return new Deadline(System.nanoTime() + limit.toNanos());
    }

    /** Returns what is left, at least a millisecond, so that it can be given as a limit: the call then fails by itself. */
    Duration remaining() {
        var left = Duration.ofNanos(nanoTime - System.nanoTime());
        return left.compareTo(LEAST) < 0 ? LEAST : left;
    }

    boolean isOver() {
        return nanoTime - System.nanoTime() <= 0;
    }
}
