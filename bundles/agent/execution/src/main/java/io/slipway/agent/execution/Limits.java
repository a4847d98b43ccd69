package io.slipway.agent.execution;

import java.time.Duration;

/**
 * How long and how much.
 *
 * @param maxWaitingRuns runs that may wait in one kernel behind the one that runs
 * @param abandonedAfter time without a call after which further output of a run is thrown away
 * @param finishedKept how long the end of a run can be asked for
 */
record Limits(int maxWaitingRuns, Duration abandonedAfter, Duration finishedKept) {

    /** Exit code of a run whose kernel vanished. */
    static final int GONE = 130;

    Limits {
        if (maxWaitingRuns < 0 || maxWaitingRuns > 14) {
            throw new IllegalArgumentException("maxWaitingRuns " + maxWaitingRuns + " is not 0 to 14");
        }
        if (!abandonedAfter.isPositive()) {
            throw new IllegalArgumentException(
                    "abandonedAfterSeconds " + abandonedAfter.toSeconds() + " is not above 0");
        }
        if (!finishedKept.isPositive()) {
            throw new IllegalArgumentException("finishedKeptSeconds " + finishedKept.toSeconds() + " is not above 0");
        }
    }
}
