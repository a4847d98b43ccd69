package io.slipway.agent.api;

import java.time.Duration;

/**
 * Start the container of a running kernel anew, with the same devices and the same home folder.
 *
 * @param create how it was created; kernel, session, image and slots are those of the kernel
 * @param round above 0; grows with every restart of this kernel that somebody wishes. A call with the last one, or a
 *     smaller one, is a repetition
 * @param grace how long the programs of the present container get to end by themselves
 */
public record RestartKernel(CreateKernel create, long round, Duration grace) {}
