package io.slipway.manager.gateway;

import io.slipway.manager.api.ExecutionService.Position;
import io.slipway.manager.api.ExecutionService.Run;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A request to run code.
 *
 * @param step what to do
 * @param owner for which access key, if for another's
 */
record ExecuteRequest(Step step, Optional<String> owner) {

    private static final Pattern RUN_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Map<String, Mode> MODES = Map.of(
            "query", Mode.QUERY,
            "batch", Mode.BATCH,
            "input", Mode.INPUT,
            "continue", Mode.CONTINUE,
            "complete", Mode.COMPLETE);

    /** What clients ask for. */
    enum Mode {
        QUERY,
        BATCH,
        INPUT,
        CONTINUE,
        COMPLETE
    }

    /** What to do. */
    sealed interface Step {

        /** Start a run or go on with one. */
        record Run(io.slipway.manager.api.ExecutionService.Run run) implements Step {}

        /** Ask for completions, the older way. */
        record Complete(Position position) implements Step {}
    }

    static ExecuteRequest read(Parameters body) {
        if (!body.has("runId")) {
            body.reject("runId", "is required, may be null");
        }
        if (!body.isPresent("mode")) {
            body.reject("mode", "is required");
        }
        var runId = body.optionalText("runId");
        runId.filter(id -> !RUN_ID.matcher(id).matches())
                .ifPresent(id -> body.reject("runId", "must be 1 to 64 letters, digits, - or _"));
        var mode = mode(body);
        if (runId.isEmpty() && (mode == Mode.INPUT || mode == Mode.CONTINUE)) {
            body.reject("runId", "is needed to go on with a run");
        }
        return new ExecuteRequest(step(mode, runId, body), body.optionalText("owner_access_key"));
    }

    /**
     * Reads the first message on a WebSocket.
     *
     * @return code to run in query mode
     */
    static String readFirstMessage(Parameters message) {
        if (mode(message) != Mode.QUERY) {
            message.reject("mode", "must be query");
        }
        return message.optionalText("code").orElse("");
    }

    static Position position(Parameters body) {
        var options = body.object("options");
        return new Position(
                body.optionalText("code").orElse(""),
                options.number(0, 0, Integer.MAX_VALUE, "row"),
                options.number(0, 0, Integer.MAX_VALUE, "col"),
                options.optionalText("line").orElse(""),
                options.optionalText("post").orElse(""));
    }

    private static Mode mode(Parameters body) {
        var mode = body.choice(Mode.QUERY, MODES, "mode");
        if (mode == Mode.BATCH) {
            throw new SlipwayException(FailureCode.NOT_IMPLEMENTED, "Batch mode is not available yet; use query mode");
        }
        return mode;
    }

    private static Step step(Mode mode, Optional<String> runId, Parameters body) {
        var code = body.optionalText("code").orElse("");
        return switch (mode) {
            case QUERY, BATCH -> run(runId, io.slipway.manager.api.ExecutionService.Step.QUERY, code);
            case INPUT -> run(runId, io.slipway.manager.api.ExecutionService.Step.INPUT, code);
            case CONTINUE -> run(runId, io.slipway.manager.api.ExecutionService.Step.CONTINUE, "");
            case COMPLETE -> new Step.Complete(position(body));
        };
    }

    private static Step run(Optional<String> runId, io.slipway.manager.api.ExecutionService.Step step, String code) {
        return new Step.Run(new Run(runId.orElse(null), step, code));
    }
}
