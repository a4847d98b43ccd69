package io.slipway.manager.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.slipway.agent.api.ConsoleRecord;
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
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of code on one WebSocket. Output is fetched only as fast as the client takes it. A run whose client leaves is
 * interrupted, or never begins; other runs of the session go on.
 */
final class ExecuteSocket implements WebSocketHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ExecuteSocket.class);
    private static final Duration FLUSH_AFTER = Duration.ofMillis(200);
    private static final Duration FIRST_MESSAGE_LIMIT = Duration.ofMinutes(1);
    private static final int MOST_INPUT = 1_048_576;
    // while it waits for input, a run may end without any: by an interrupt, with its session
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
    // a client that is gone is found out by its pings; this is for one that never types
    private static final Duration INPUT_LIMIT = Duration.ofDays(1);

    private final ExecutionService execution;
    private final AccessKey owner;
    private final String session;
    private final Supplier<StreamPlaces.Place> places;

    ExecuteSocket(ExecutionService execution, AccessKey owner, String session, Supplier<StreamPlaces.Place> places) {
        this.execution = execution;
        this.owner = owner;
        this.session = session;
        this.places = places;
    }

    @Override
    public void speak(WebSocketConnection connection) throws IOException {
        try (var place = places.get()) {
            LOG.trace("Opened: {}", place);
            var first = connection.receive(FIRST_MESSAGE_LIMIT);
            connection.limitMessages(MOST_INPUT);
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
        var reply = execution.execute(owner, session, start, FLUSH_AFTER);
        var run = reply.runId();
        // known before it is told: a client may leave while it is told the end
        var isDone = isEnd(reply);
        try {
            passOn(connection, reply);
            while (!isDone && connection.isOpen()) {
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
                isDone = isEnd(reply);
                passOn(connection, reply);
            }
        } catch (SlipwayException e) {
            isDone = true;
            throw e;
        } finally {
            if (!isDone) {
                interrupt(run);
            }
        }
    }

    private static void passOn(WebSocketConnection connection, ExecuteReply reply) throws IOException {
        if (reply.status() != ExecuteReply.Status.CONTINUED || !reply.console().isEmpty()) {
            connection.send(Json.text(ExecutionAnswers.frame(reply)));
        }
    }

    private ExecuteReply goOn(WebSocketConnection connection, ExecuteReply reply) throws IOException {
        if (reply.status() != ExecuteReply.Status.WAITING_INPUT) {
            return fetch(reply.runId());
        }
        var end = System.nanoTime() + INPUT_LIMIT.toNanos();
        while (end - System.nanoTime() > 0) {
            var line = connection.receive(LOOK_EVERY);
            if (line.isPresent()) {
                var answer = new Run(reply.runId(), Step.INPUT, text(line.get()));
                return execution.execute(owner, session, answer, FLUSH_AFTER);
            }
            if (connection.isServerStopping()) {
                // the caller sees why
                return output(reply.runId(), List.of());
            }
            var now = fetch(reply.runId());
            if (now.status() != ExecuteReply.Status.WAITING_INPUT) {
                return now;
            }
            // to be asked once more would have a client ask its user once more
            passOn(connection, output(reply.runId(), now.console()));
        }
        throw new IOException("no input within " + INPUT_LIMIT.toHours() + " h");
    }

    private ExecuteReply fetch(String run) {
        return execution.execute(owner, session, new Run(run, Step.CONTINUE, ""), FLUSH_AFTER);
    }

    private static ExecuteReply output(String run, List<ConsoleRecord> console) {
        return new ExecuteReply(run, ExecuteReply.Status.CONTINUED, null, false, console);
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

    private void interrupt(String run) {
        try {
            execution.interrupt(owner, session, run);
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
