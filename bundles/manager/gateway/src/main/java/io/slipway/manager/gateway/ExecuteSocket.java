package io.slipway.manager.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.slipway.agent.api.ExecuteReply;
import io.slipway.lib.http.WebSocketConnection;
import io.slipway.lib.http.WebSocketHandler;
import io.slipway.lib.http.WebSocketMessage;
import io.slipway.manager.api.ExecutionService;
import io.slipway.manager.api.ExecutionService.Run;
import io.slipway.manager.api.ExecutionService.Step;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.identity.AccessKey;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of code on one WebSocket. Output is fetched only as fast as the client takes it. A run whose client leaves is
 * interrupted.
 */
final class ExecuteSocket implements WebSocketHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ExecuteSocket.class);
    private static final Duration FLUSH_AFTER = Duration.ofMillis(200);
    private static final Duration FIRST_MESSAGE_LIMIT = Duration.ofMinutes(1);
    // a client that is gone is found out by its pings; this is for one that never types
    private static final Duration INPUT_LIMIT = Duration.ofDays(1);

    private final ExecutionService execution;
    private final AccessKey owner;
    private final String session;

    ExecuteSocket(ExecutionService execution, AccessKey owner, String session) {
        this.execution = execution;
        this.owner = owner;
        this.session = session;
    }

    @Override
    public void speak(WebSocketConnection connection) throws IOException {
        try {
            var first = connection.receive(FIRST_MESSAGE_LIMIT);
            if (first.isEmpty()) {
                sendError(connection, "error", "No code came within " + FIRST_MESSAGE_LIMIT.toSeconds() + " s");
                return;
            }
            var message = Parameters.of(text(first.get()).getBytes(UTF_8));
            run(connection, Parameters.read(message, ExecuteRequest::readFirstMessage));
        } catch (SlipwayException e) {
            sendError(connection, "error", message(e));
        }
    }

    private void run(WebSocketConnection connection, Run start) throws IOException {
        var isDone = false;
        try {
            var reply = execution.execute(owner, session, start, FLUSH_AFTER);
            while (!passOn(connection, reply) && connection.isOpen()) {
                if (connection.isServerStopping()) {
                    // the run goes on, for it is the server that leaves
                    isDone = true;
                    sendError(
                            connection,
                            "server-restarting",
                            "The server stops; its sessions go on. Connect again later.");
                    return;
                }
                reply = goOn(connection, reply);
            }
            isDone = isEnd(reply);
        } catch (SlipwayException e) {
            isDone = true;
            throw e;
        } finally {
            if (!isDone) {
                interrupt();
            }
        }
    }

    /** Hands a reply to the client; returns whether it was the last one. */
    private static boolean passOn(WebSocketConnection connection, ExecuteReply reply) throws IOException {
        if (reply.status() != ExecuteReply.Status.CONTINUED || !reply.console().isEmpty()) {
            connection.send(Json.text(ExecutionAnswers.frame(reply)));
        }
        return isEnd(reply);
    }

    private ExecuteReply goOn(WebSocketConnection connection, ExecuteReply reply) throws IOException {
        if (reply.status() != ExecuteReply.Status.WAITING_INPUT) {
            return execution.execute(owner, session, new Run(reply.runId(), Step.CONTINUE, ""), FLUSH_AFTER);
        }
        var line = connection.receive(INPUT_LIMIT);
        if (line.isEmpty()) {
            if (connection.isServerStopping()) {
                // nothing new; the caller sees why
                return new ExecuteReply(reply.runId(), ExecuteReply.Status.CONTINUED, null, false, List.of());
            }
            throw new IOException("no input within " + INPUT_LIMIT.toHours() + " h");
        }
        var answer = new Run(reply.runId(), Step.INPUT, text(line.get()));
        return execution.execute(owner, session, answer, FLUSH_AFTER);
    }

    private static boolean isEnd(ExecuteReply reply) {
        return switch (reply.status()) {
            case FINISHED, EXEC_TIMEOUT -> true;
            case CONTINUED, WAITING_INPUT, CLEAN_FINISHED, BUILD_FINISHED -> false;
        };
    }

    private static String text(WebSocketMessage message) {
        return switch (message) {
            case WebSocketMessage.Text text -> text.text();
            case WebSocketMessage.Binary binary -> UTF_8.decode(binary.bytes()).toString();
        };
    }

    private void interrupt() {
        try {
            execution.interrupt(owner, session);
        } catch (SlipwayException e) {
            LOG.debug("Run of a client that left could not be interrupted, session={}: {}", session, e.getMessage());
        }
    }

    private static String message(SlipwayException e) {
        var message = String.valueOf(e.getMessage());
        return e.data().isEmpty() ? message : message + " " + Json.text(e.data());
    }

    private static void sendError(WebSocketConnection connection, String status, String message) throws IOException {
        connection.send(Json.text(new ExecutionAnswers.ErrorFrame(status, message)));
    }
}
