package io.slipway.plugin.lifecycle;

import java.time.Duration;

/**
 * What a version on probation may do.
 *
 * @param window how long it is watched, and how far back the version before it is looked at
 * @param minCalls so many calls of a method make its duration count
 * @param maxErrorRatio so much more of a method's calls may fail than of the version before, 0 to 1
 * @param latencyFactor so many times the duration of the version before is allowed
 * @param latencyFloor a method that is slower by less than this is never too slow
 * @param hang a call of bounded duration that runs longer counts as hanging
 */
record ProbationLimits(
        Duration window,
        int minCalls,
        double maxErrorRatio,
        double latencyFactor,
        Duration latencyFloor,
        Duration hang) {

    /** What holds if nothing is set. */
    static final ProbationLimits USUAL =
            new ProbationLimits(Duration.ofSeconds(10), 20, 0.01, 4, Duration.ofMillis(10), Duration.ofSeconds(3));

    ProbationLimits withWindow(Duration value) {
        return new ProbationLimits(value, minCalls, maxErrorRatio, latencyFactor, latencyFloor, hang);
    }

    ProbationLimits withMinCalls(int value) {
        return new ProbationLimits(window, value, maxErrorRatio, latencyFactor, latencyFloor, hang);
    }

    ProbationLimits withMaxErrorRatio(double value) {
        return new ProbationLimits(window, minCalls, value, latencyFactor, latencyFloor, hang);
    }

    ProbationLimits withLatencyFactor(double value) {
        return new ProbationLimits(window, minCalls, maxErrorRatio, value, latencyFloor, hang);
    }

    ProbationLimits withLatencyFloor(Duration value) {
        return new ProbationLimits(window, minCalls, maxErrorRatio, latencyFactor, value, hang);
    }

    ProbationLimits withHang(Duration value) {
        return new ProbationLimits(window, minCalls, maxErrorRatio, latencyFactor, latencyFloor, value);
    }
}
