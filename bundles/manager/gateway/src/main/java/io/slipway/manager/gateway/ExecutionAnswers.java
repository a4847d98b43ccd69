package io.slipway.manager.gateway;

import io.slipway.agent.api.ConsoleRecord;
import io.slipway.agent.api.ExecuteReply;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What running code gave, in the words of the wire. */
final class ExecutionAnswers {

    private ExecutionAnswers() {}

    /** Answer by HTTP. */
    record Executed(Result result) {}

    /** A step of a run; options and files are empty rather than null, for clients look into them unasked. */
    record Result(
            String runId,
            String status,
            @Nullable Integer exitCode,
            Map<String, Object> options,
            List<Object> files,
            List<List<Object>> console) {}

    /** The same as a message on a WebSocket. */
    record Frame(
            String status,
            List<List<Object>> console,
            @Nullable Integer exitCode,
            Map<String, Object> options,
            List<Object> files) {}

    /** The last message on a WebSocket when something went wrong. */
    record ErrorFrame(String status, String msg) {}

    /** Answer to a request for completions. */
    record Completed(Completions result) {}

    /** Completions. */
    record Completions(String status, List<String> completions) {}

    static Executed executed(ExecuteReply reply) {
        return new Executed(new Result(
                reply.runId(), status(reply), reply.exitCode(), options(reply), List.of(), console(reply.console())));
    }

    static Frame frame(ExecuteReply reply) {
        return new Frame(status(reply), console(reply.console()), reply.exitCode(), options(reply), List.of());
    }

    static Completed completed(List<String> completions) {
        return new Completed(new Completions("finished", completions));
    }

    private static String status(ExecuteReply reply) {
        return switch (reply.status()) {
            case CONTINUED -> "continued";
            case WAITING_INPUT -> "waiting-input";
            case CLEAN_FINISHED -> "clean-finished";
            case BUILD_FINISHED -> "build-finished";
            case FINISHED -> "finished";
            case EXEC_TIMEOUT -> "exec-timeout";
        };
    }

    private static Map<String, Object> options(ExecuteReply reply) {
        return reply.status() == ExecuteReply.Status.WAITING_INPUT
                ? Map.of("is_password", reply.isPassword())
                : Map.of();
    }

    private static List<List<Object>> console(List<ConsoleRecord> records) {
        return records.stream().map(ExecutionAnswers::pair).toList();
    }

    private static List<Object> pair(ConsoleRecord piece) {
        var kind = piece.kind().name().toLowerCase(Locale.ROOT);
        return switch (piece.kind()) {
            case MEDIA -> List.of(kind, List.of(piece.mimeType(), piece.text()));
            case STDOUT, STDERR, HTML, LOG -> List.of(kind, piece.text());
        };
    }
}
