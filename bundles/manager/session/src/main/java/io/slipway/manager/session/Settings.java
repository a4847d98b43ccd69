package io.slipway.manager.session;

import java.time.Duration;

/**
 * How long each state may last, and how often is tried.
 *
 * @param pending waiting for an agent
 * @param scheduled between placement and the first call of the agent
 * @param preparing making the image ready without pulling
 * @param pulling pulling the image
 * @param creating creating and starting, the driver's answer included
 * @param terminating from the wish to end to the agent's confirmation, after which an agent that is gone is not waited for
 * @param grace how long programs get to end by themselves
 * @param maxPlacements how often a session is placed before it fails
 * @param retryEvery pause between two equal calls of an agent
 * @param noteAfter how long an accepted kernel may take to run without a note that it was accepted
 */
record Settings(
        Duration pending,
        Duration scheduled,
        Duration preparing,
        Duration pulling,
        Duration creating,
        Duration terminating,
        Duration grace,
        int maxPlacements,
        Duration retryEvery,
        Duration noteAfter) {

    private static final Duration NOTE_AFTER = Duration.ofMillis(40);

    /** Reads settings; refuses a wrong one by an {@link IllegalArgumentException} that names key and value. */
    static Settings of(SessionLifecycle.Config config) {
        return new Settings(
                Duration.ofMinutes(atLeast(1, "pendingMinutes", config.pendingMinutes())),
                Duration.ofSeconds(atLeast(5, "scheduledSeconds", config.scheduledSeconds())),
                Duration.ofMinutes(atLeast(1, "preparingMinutes", config.preparingMinutes())),
                Duration.ofMinutes(atLeast(1, "pullingMinutes", config.pullingMinutes())),
                Duration.ofSeconds(atLeast(5, "creatingSeconds", config.creatingSeconds())),
                Duration.ofMinutes(atLeast(1, "terminatingMinutes", config.terminatingMinutes())),
                Duration.ofSeconds(atLeast(0, "graceSeconds", config.graceSeconds())),
                Math.toIntExact(atLeast(1, "maxPlacements", config.maxPlacements())),
                Duration.ofSeconds(atLeast(1, "retryEverySeconds", config.retryEverySeconds())),
                NOTE_AFTER);
    }

    /** Returns a value that is not too small. */
    static long atLeast(long least, String key, long value) {
        if (value < least) {
            throw new IllegalArgumentException(
                    SessionLifecycle.PID + ": " + key + " = " + value + " must be at least " + least);
        }
        return value;
    }
}
