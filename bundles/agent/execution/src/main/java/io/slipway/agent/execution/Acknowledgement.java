package io.slipway.agent.execution;

/**
 * Records of a run that its driver may forget.
 *
 * @param run the run
 * @param sequence number of the last one
 * @param isLast whether the end of the run is among them
 */
record Acknowledgement(String run, long sequence, boolean isLast) {}
