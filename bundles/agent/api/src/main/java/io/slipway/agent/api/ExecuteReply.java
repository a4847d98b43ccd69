package io.slipway.agent.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run gave since the last reply.
 *
 * @param runId identity of the run
 * @param status where the run stands
 * @param exitCode exit status if the status is FINISHED, CLEAN_FINISHED or BUILD_FINISHED, else null: 0 after code without an uncaught exception, 1 after
 *     one, 130 if the container vanished, otherwise the status of the program
 * @param isPassword whether the awaited input must not be shown; matters only for WAITING_INPUT
 * @param console output in order; neighbours of one kind are merged
 */
public record ExecuteReply(
        String runId, Status status, @Nullable Integer exitCode, boolean isPassword, List<ConsoleRecord> console) {

    /** Where a run stands. */
    public enum Status {
        /** Still running; ask again. */
        CONTINUED,
        /** Waits for a line of input. */
        WAITING_INPUT,
        /** Batch mode: the step clean is over; ask again. */
        CLEAN_FINISHED,
        /** Batch mode: the step build is over; ask again. The run ends with 127 if its status is not 0. */
        BUILD_FINISHED,
        /** Done. */
        FINISHED,
        /** Ended because it took too long. */
        EXEC_TIMEOUT
    }

    /** Copies. */
    public ExecuteReply {
        console = List.copyOf(console);
    }
}
