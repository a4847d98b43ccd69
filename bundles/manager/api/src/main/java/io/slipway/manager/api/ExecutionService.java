package io.slipway.manager.api;

import io.slipway.agent.api.ExecuteReply;
import io.slipway.model.identity.AccessKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** Running code in sessions. References as in {@link SessionService}. Thread-safe; calls block. */
@ProviderType
public interface ExecutionService {

    /**
     * Starts a run, or goes on with one.
     *
     * @throws io.slipway.model.failure.SlipwayException NOT_FOUND; BAD_REQUEST if the session does not run; INVALID_PARAMETERS
     *     (unknown run id); KERNEL_EXECUTION_FAILED (with {@code agent-details})
     */
    ExecuteReply execute(AccessKey owner, String reference, Run run, Duration flushAfter);

    /** Interrupts what runs now; nothing happens if the session is idle. */
    void interrupt(AccessKey owner, String reference);

    /**
     * Interrupts one run; if it waits for its turn, it never begins. Other runs of the session go on, and nothing happens
     * if it has ended.
     */
    void interrupt(AccessKey owner, String reference, String runId);

    /** Returns completions for a position in code. */
    List<String> complete(AccessKey owner, String reference, Position position);

    /**
     * A step of a run.
     *
     * @param runId identity of the run; null to start one under an id of the server's choice
     * @param step what to do
     * @param code code, line of input, or empty
     * @param options for BATCH the commands of the steps {@code clean}, {@code build} and {@code exec}, {@code *} for the
     *     usual one; else empty
     */
    record Run(@Nullable String runId, Step step, String code, Map<String, String> options) {

        /** Copies. */
        public Run {
            options = Map.copyOf(options);
        }

        /** Makes a step without options. */
        public Run(@Nullable String runId, Step step, String code) {
            this(runId, step, code, Map.of());
        }
    }

    /** What to do with a run. */
    enum Step {
        /** Start it. */
        QUERY,
        /** Start a run of commands, see the options. */
        BATCH,
        /** Give it a line of input. */
        INPUT,
        /** Fetch further output. */
        CONTINUE
    }

    /**
     * A cursor in code.
     *
     * @param code the whole text
     * @param row line from 0
     * @param column column from 0
     * @param line text of that line before the cursor, may be empty
     * @param post text after the cursor, may be empty
     */
    record Position(String code, int row, int column, String line, String post) {}
}
