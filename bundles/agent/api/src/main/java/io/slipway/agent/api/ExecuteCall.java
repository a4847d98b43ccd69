package io.slipway.agent.api;

import io.slipway.model.kernel.KernelId;
import java.time.Duration;
import java.util.Map;

/**
 * Start a run of code or go on with one.
 *
 * @param kernel in which kernel
 * @param runId identity of the run, chosen by the manager, 1 to 64 characters of {@code [A-Za-z0-9_-]}
 * @param mode what to do
 * @param code the code (query), the line of input without line end (input), else empty
 * @param options steps of batch mode: {@code clean}, {@code build}, {@code exec} to a command for a shell, {@code *} for
 *     the usual one; a step that is absent or empty is left out. Else empty
 * @param flushAfter how long to wait for output before answering {@code continued}
 */
public record ExecuteCall(
        KernelId kernel, String runId, Mode mode, String code, Map<String, String> options, Duration flushAfter) {

    /** What to do. */
    public enum Mode {
        /** Run code in the persistent interpreter. */
        QUERY,
        /** Run the commands of the options, one after the other, each in a shell of its own. */
        BATCH,
        /** Give a line to a program that waits for input, then as CONTINUE. */
        INPUT,
        /** Fetch further output of a run. */
        CONTINUE
    }

    /** Copies and checks the run id. */
    public ExecuteCall {
        options = Map.copyOf(options);
        if (!runId.matches("[A-Za-z0-9_-]{1,64}")) {
            throw new IllegalArgumentException("run id is not 1 to 64 letters, digits, - or _");
        }
    }
}
