package io.slipway.manager.gateway;

import io.slipway.manager.api.ExecutionService.Position;
import io.slipway.manager.api.ExecutionService.Run;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request to run code.
 *
 * @param step what to do
 * @param owner for which access key, if for another's
 */
record ExecuteRequest(Step step, Optional<String> owner) {

    private static final Pattern RUN_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final int LONGEST_COMMAND = 64 * 1024;
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
     * @return the run to start
     */
    static Run readFirstMessage(Parameters message) {
        return switch (mode(message)) {
            case QUERY ->
                new Run(
                        null,
                        io.slipway.manager.api.ExecutionService.Step.QUERY,
                        message.anyText("code").orElse(""));
            case BATCH -> batch(null, message);
            case INPUT, CONTINUE, COMPLETE -> {
                message.reject("mode", "must be query or batch");
                yield new Run(null, io.slipway.manager.api.ExecutionService.Step.CONTINUE, "");
            }
        };
    }

    private static Run batch(@Nullable String runId, Parameters body) {
        var options = body.object("options");
        var commands = new HashMap<String, String>();
        for (var step : List.of("clean", "build", "exec")) {
            options.optionalText(step).ifPresent(command -> {
                if (command.length() > LONGEST_COMMAND || command.indexOf('\0') >= 0) {
                    options.reject(step, "must have at most " + LONGEST_COMMAND + " characters and no NUL");
                }
                commands.put(step, command);
            });
        }
        options.flag(false, "buildLog");
        return new Run(runId, io.slipway.manager.api.ExecutionService.Step.BATCH, "", commands);
    }

    static Position position(Parameters body) {
        var options = body.object("options");
        return new Position(
                body.anyText("code").orElse(""),
                options.number(0, 0, Integer.MAX_VALUE, "row"),
                options.number(0, 0, Integer.MAX_VALUE, "col"),
                options.anyText("line").orElse(""),
                options.anyText("post").orElse(""));
    }

    private static Mode mode(Parameters body) {
        return body.choice(Mode.QUERY, MODES, "mode");
    }

    private static Step step(Mode mode, Optional<String> runId, Parameters body) {
        var code = body.anyText("code").orElse("");
        return switch (mode) {
            case BATCH -> new Step.Run(batch(runId.orElse(null), body));
            case QUERY -> run(runId, io.slipway.manager.api.ExecutionService.Step.QUERY, code);
            case INPUT -> run(runId, io.slipway.manager.api.ExecutionService.Step.INPUT, code);
            case CONTINUE -> run(runId, io.slipway.manager.api.ExecutionService.Step.CONTINUE, "");
            case COMPLETE -> new Step.Complete(position(body));
        };
    }

    private static Step run(Optional<String> runId, io.slipway.manager.api.ExecutionService.Step step, String code) {
        return new Step.Run(new Run(runId.orElse(null), step, code));
    }
}
