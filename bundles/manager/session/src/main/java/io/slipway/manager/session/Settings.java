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
        Duration retryEvery) {

    static Settings of(SessionLifecycle.Config config) {
        return new Settings(
                Duration.ofMinutes(config.pendingMinutes()),
                Duration.ofSeconds(config.scheduledSeconds()),
                Duration.ofMinutes(config.preparingMinutes()),
                Duration.ofMinutes(config.pullingMinutes()),
                Duration.ofSeconds(config.creatingSeconds()),
                Duration.ofMinutes(config.terminatingMinutes()),
                Duration.ofSeconds(config.graceSeconds()),
                config.maxPlacements(),
                Duration.ofSeconds(config.retryEverySeconds()));
    }
}
