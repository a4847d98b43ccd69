package io.slipway.agent.execution;

/** Where a run stands, as far as its driver has told. */
sealed interface RunState {

    /** Not ended, as far as known: waits for its turn or runs. */
    record Running() implements RunState {}

    /**
     * Waits for a line of input.
     *
     * @param sequence number of the record that told so; the answer carries it, so that it is given once
     * @param isPassword whether the line must not be shown
     */
    record AwaitingInput(long sequence, boolean isPassword) implements RunState {}

    /**
     * Ended.
     *
     * @param sequence number of the record that told so
     * @param exitCode its status
     */
    record Finished(long sequence, int exitCode) implements RunState {}
}
