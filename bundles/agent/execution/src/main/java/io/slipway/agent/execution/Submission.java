package io.slipway.agent.execution;

/**
 * A run to hand to the driver.
 *
 * @param run its id
 * @param code what to run
 */
record Submission(String run, String code) {}
