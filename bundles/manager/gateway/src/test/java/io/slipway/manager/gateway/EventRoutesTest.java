package io.slipway.manager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.slipway.manager.store.TaskRecord;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.session.SessionStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EventRoutesTest {

    private final GatewayUnderTest server = new GatewayUnderTest();

    @AfterEach
    void stop() {
        server.close();
    }

    /** Reads a stream of events. */
    private final class Client implements AutoCloseable {

        private final HttpResponse<java.io.InputStream> response;
        private final BufferedReader reader;

        Client(HttpRequest.Builder request) throws Exception {
            response = server.client().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            reader = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
            assertEquals(200, response.statusCode());
            assertEquals(
                    "text/event-stream",
                    response.headers().firstValue("Content-Type").orElse(""));
        }

        Client(Fakes.TestKey key, String target) throws Exception {
            this(server.signed(key, "GET", target, ""));
        }

        /** Returns the next event as {@code name|data|other lines}, or "end". */
        String next() throws IOException {
            var name = "";
            var data = "";
            var rest = new StringBuilder();
            for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                } else if (line.isEmpty() && !name.isEmpty()) {
                    return name + "|" + data + "|" + rest;
                } else if (!line.startsWith(":")) {
                    rest.append(line);
                }
            }
            return "end";
        }

        /** Returns the next line that is not empty. */
        String line() throws IOException {
            var line = reader.readLine();
            while (line.isEmpty() || line.startsWith(":")) {
                line = reader.readLine();
            }
            return line;
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }

    private static JsonNode data(String event) throws IOException {
        return new ObjectMapper().readTree(event.split("\\|", -1)[1]);
    }

    private static String name(String event) {
        return event.substring(0, Math.max(event.indexOf('|'), 0));
    }

    private static void await(BooleanSupplier condition) {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "not true within 15 s");
            Thread.onSpinWait();
        }
    }

    @Test
    void tellsWhatHappensToASessionOfAName() throws Exception {
        var mine = server.sessions.put(Fakes.USER.principal(), "runs0001", SessionStatus.RUNNING);
        var other = server.sessions.put(Fakes.USER.principal(), "runs0002", SessionStatus.RUNNING);
        var foreign = server.sessions.put(Fakes.OTHER.principal(), "runs0001", SessionStatus.RUNNING);
        try (var client = new Client(Fakes.USER, "/events/session?sessionName=runs0001&scope=*")) {
            server.events.happens(other, null, "RUNNING");
            server.events.happens(foreign, null, "RUNNING");
            server.events.happens(mine, null, "PULLING");
            server.events.happens(mine, mine.mainKernel().id().toString(), "RUNNING");
            server.events.happens(mine, null, "RUNNING");
            var kernel = client.next();
            assertEquals("kernel_started", name(kernel));
            assertEquals(
                    mine.mainKernel().id().toString(),
                    data(kernel).path("kernelId").asText());
            assertEquals("main", data(kernel).path("clusterRole").asText());
            var session = client.next();
            assertEquals("session_started", name(session));
            assertTrue(session.endsWith("|id: 105"), session);
            assertEquals(mine.id().toString(), data(session).path("sessionId").asText());
            assertEquals("runs0001", data(session).path("sessionName").asText());
            assertEquals("because", data(session).path("reason").asText());
            assertEquals(
                    Fakes.USER.accessKey(), data(session).path("ownerAccessKey").asText());
            assertTrue(data(session).path("exitCode").isNull());
            assertTrue(data(session).path("kernelId").isMissingNode());
        }
    }

    @Test
    void showsUsersTheirOwnAndSuperadminsAll() throws Exception {
        var mine = server.sessions.put(Fakes.USER.principal(), "runs0001", SessionStatus.RUNNING);
        var foreign = server.sessions.put(Fakes.OTHER.principal(), "runs0002", SessionStatus.RUNNING);
        try (var user = new Client(Fakes.USER, "/events/session");
                var operator = new Client(Fakes.SUPERADMIN, "/events/session?scope=session")) {
            server.events.happens(foreign, null, "RUNNING");
            server.events.happens(mine, null, "TERMINATING");
            assertEquals("session_terminating", name(user.next()));
            assertEquals("session_started", name(operator.next()));
            assertEquals("session_terminating", name(operator.next()));
        }
        assertEquals(
                "404 object-not-found",
                server.get(Fakes.USER, "/events/session?sessionId=" + foreign.id())
                        .problem());
        assertEquals(
                "403 generic-forbidden",
                server.get(Fakes.USER, "/events/session?ownerAccessKey=" + Fakes.OTHER.accessKey())
                        .problem());
    }

    @Test
    void endsWithTheOneSessionThatIsMeant() throws Exception {
        var session = server.sessions.put(Fakes.USER.principal(), "runs0001", SessionStatus.RUNNING);
        try (var client = new Client(Fakes.USER, "/events/session?sessionId=" + session.id())) {
            server.sessions.end(session.id());
            server.events.happens(session, null, "TERMINATED");
            assertEquals("session_terminated", name(client.next()));
            assertEquals("server_close|{}|", client.next());
            assertEquals("end", client.next());
        }
        try (var late = new Client(Fakes.USER, "/events/session?sessionName=" + session.id())) {
            assertEquals("session_terminated", name(late.next()));
            assertEquals("server_close|{}|", late.next());
        }
        await(server.events.listeners::isEmpty);
    }

    @Test
    void comesBackAfterTheLastEvent() throws Exception {
        var request = server.signed(Fakes.USER, "GET", "/events/session", "").header("Last-Event-ID", "17");
        try (var client = new Client(request)) {
            var listener = server.events.listeners.iterator().next();
            assertEquals(OptionalLong.of(17), listener.after);
            assertEquals(200, client.response.statusCode());
        }
        var bad = server.signed(Fakes.USER, "GET", "/events/session", "").header("Last-Event-ID", "x");
        assertEquals("400 invalid-api-params", server.send(bad).problem());
    }

    /** The usual client could not come back after a quarter of an hour: its signature's date never changes. */
    @Test
    void goesOnForAsLongAsTheCallerMayListen() throws Exception {
        var session = server.sessions.put(Fakes.USER.principal(), "runs0001", SessionStatus.RUNNING);
        try (var client = new Client(Fakes.USER, "/events/session?sessionId=" + session.id())) {
            server.ahead.set(Duration.ofMinutes(20));
            assertEquals(
                    "400 invalid-auth-params",
                    server.get(Fakes.USER, "/events/session").problem());
            awaitChecks();
            server.events.happens(session, null, "RUNNING");
            assertEquals("session_started", name(client.next()));
            server.keys.entries.remove(Fakes.USER.accessKey());
            assertEquals("end", client.next());
        }
        await(server.events.listeners::isEmpty);
    }

    @Test
    void goesOnTellingOfATaskForAsLongAsTheCallerMayListen() throws Exception {
        var task = server.tasks.start(Fakes.USER.principal(), "image-rescan", Map.of());
        try (var client = new Client(Fakes.USER, "/events/background-task?task_id=" + task.id())) {
            assertEquals("bgtask_updated", name(client.next()));
            awaitChecks();
            server.tasks.move(task, TaskRecord.Status.STARTED, "half", 1);
            assertEquals("half", data(client.next()).path("message").asText());
            server.keys.put(Fakes.USER, 0, List.of("10.0.0.0/8"));
            assertEquals("end", client.next());
        }
    }

    @Test
    void showsOnlyWhatTheCallerMayStillSee() throws Exception {
        var foreign = server.sessions.put(Fakes.OTHER.principal(), "runs0001", SessionStatus.RUNNING);
        var mine = server.sessions.put(Fakes.SUPERADMIN.principal(), "runs0002", SessionStatus.RUNNING);
        try (var client = new Client(Fakes.SUPERADMIN, "/events/session");
                var single = new Client(Fakes.SUPERADMIN, "/events/session?sessionId=" + foreign.id())) {
            server.events.happens(foreign, null, "RUNNING");
            assertEquals("session_started", name(client.next()));
            assertEquals("session_started", name(single.next()));
            server.keys.put(Fakes.degraded(Fakes.SUPERADMIN), 0, List.of());
            assertEquals("end", single.next());
            awaitChecks();
            server.events.happens(foreign, null, "TERMINATING");
            server.events.happens(mine, null, "TERMINATING");
            assertEquals("runs0002", data(client.next()).path("sessionName").asText());
        }
    }

    /** Waits until each stream has looked at its caller anew. */
    private void awaitChecks() {
        var before = server.keys.lookups.get();
        await(() -> server.keys.lookups.get() > before + 4);
    }

    @Test
    void goesOnByItselfAfterTheFeedCutItOff() throws Exception {
        var session = server.sessions.put(Fakes.USER.principal(), "runs0001", SessionStatus.RUNNING);
        try (var client = new Client(Fakes.USER, "/events/session")) {
            server.events.happens(session, null, "SCHEDULED");
            assertEquals("session_scheduled", name(client.next()));
            var listener = server.events.listeners.iterator().next();
            listener.isCut = true;
            await(() -> server.events.listeners.stream().anyMatch(one -> one.after.equals(OptionalLong.of(101))));
            server.events.happens(session, null, "RUNNING");
            assertEquals("session_started", name(client.next()));
        }
    }

    /** The usual client takes an id without an event for an event. */
    @Test
    void namesWhereItBeginsToThoseWhoUnderstandIt() throws Exception {
        var session = server.sessions.put(Fakes.USER.principal(), "runs0001", SessionStatus.RUNNING);
        var request = server.signed(Fakes.USER, "GET", "/events/session", "").header("Accept", "text/event-stream");
        try (var marked = new Client(request);
                var usual = new Client(Fakes.USER, "/events/session")) {
            server.events.happens(session, null, "RUNNING");
            assertEquals("id: 100", marked.line());
            assertEquals("event: session_started", marked.line());
            assertEquals("event: session_started", usual.line());
        }
    }

    @Test
    void endsWithTheSessionThatANameMeant() throws Exception {
        var session = server.sessions.put(Fakes.USER.principal(), "runs0001", SessionStatus.RUNNING);
        try (var client = new Client(Fakes.USER, "/events/session?name=runs0001")) {
            server.sessions.rename(session.owner(), "runs0001", "runs0009");
            server.sessions.end(session.id());
            server.events.happens(server.sessions.find(session.id()).orElseThrow(), null, "TERMINATED");
            var end = client.next();
            assertEquals("session_terminated", name(end));
            assertEquals("runs0009", data(end).path("sessionName").asText());
            assertEquals("server_close|{}|", client.next());
        }
    }

    /** So that a client that was cut off while its session ended does not wait for ever. */
    @Test
    void tellsOfTheEndOfASessionThatHasJustEndedByItsName() throws Exception {
        var session = server.sessions.put(Fakes.USER.principal(), "runs0001", SessionStatus.TERMINATED);
        try (var late = new Client(Fakes.USER, "/events/session?name=runs0001")) {
            assertEquals("session_terminated", name(late.next()));
            assertEquals("server_close|{}|", late.next());
        }
        server.streamsBegin.set(Samples.CREATED_AT.plusSeconds(600));
        try (var early = new Client(Fakes.USER, "/events/session?name=runs0001")) {
            var next = server.sessions.put(Fakes.USER.principal(), "runs0001", SessionStatus.RUNNING);
            server.events.happens(next, null, "RUNNING");
            server.events.happens(session, null, "TERMINATED");
            server.sessions.end(next.id());
            server.events.happens(next, null, "TERMINATED");
            assertEquals("session_started", name(early.next()));
            var end = early.next();
            assertEquals(next.id().toString(), data(end).path("sessionId").asText());
            assertEquals("server_close|{}|", early.next());
        }
    }

    @Test
    void endsStreamsWhenTheServerStops() throws Exception {
        try (var client = new Client(Fakes.USER, "/events/session")) {
            server.gateway().stop();
            assertEquals("end", client.next());
        }
    }

    @Test
    void limitsStreamsPerKeypair() throws Exception {
        try (var one = new Client(Fakes.USER, "/events/session");
                var two = new Client(Fakes.USER, "/events/session")) {
            assertEquals(
                    "429 rate-limit-exceeded",
                    server.get(Fakes.USER, "/events/session").problem());
            try (var operator = new Client(Fakes.SUPERADMIN, "/events/session")) {
                assertEquals(200, operator.response.statusCode());
            }
            assertEquals(one.response.statusCode(), two.response.statusCode());
        }
        var places = new StreamPlaces("event streams", 1, 1);
        var key = Fakes.USER.principal().accessKey();
        var place = places.take(key);
        assertThrows(SlipwayException.class, () -> places.take(key));
        place.close();
        places.take(key).close();
    }

    @Test
    void tellsHowFarATaskHasCome() throws Exception {
        var task = server.tasks.start(Fakes.USER.principal(), "image-rescan", Map.of());
        try (var client = new Client(Fakes.USER, "/events/background-task?task_id=" + task.id())) {
            assertEquals("bgtask_updated", name(client.next()));
            server.tasks.move(task, TaskRecord.Status.STARTED, "half", 1);
            var half = client.next();
            assertEquals(1, data(half).path("current_progress").asInt());
            assertEquals(2, data(half).path("total_progress").asInt());
            assertEquals(task.id().toString(), data(half).path("task_id").asText());
            assertTrue(half.endsWith("|retry: 5"), half);
            server.tasks.move(task, TaskRecord.Status.FAILED, "away", 1);
            var end = client.next();
            assertEquals("bgtask_failed", name(end));
            assertEquals("away", data(end).path("message").asText());
            assertEquals("server_close|{}|", client.next());
        }
        server.tasks.move(task, TaskRecord.Status.DONE, "", 2);
        try (var late = new Client(Fakes.USER, "/events/background-task?task_id=" + task.id())) {
            var done = late.next();
            assertEquals("bgtask_done", name(done));
            assertEquals("done", data(done).path("status").asText());
            assertEquals("server_close|{}|", late.next());
        }
    }

    @Test
    void showsTasksToThoseWhoStartedThem() throws Exception {
        var task = server.tasks.start(Fakes.USER.principal(), "image-rescan", Map.of());
        var target = "/events/background-task?task_id=";
        assertEquals(
                "404 object-not-found",
                server.get(Fakes.OTHER, target + task.id()).problem());
        assertEquals(
                "404 object-not-found",
                server.get(Fakes.USER, target + UUID.randomUUID()).problem());
    }
}
