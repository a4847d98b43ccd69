package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.itests.EventReader.Told;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events of sessions, over the death of the server that tells them. */
class EventsIT {

    private static final String TARGET = "/events/session?sessionName=job-watched&scope=session";

    private Installation installation;

    @BeforeEach
    void start() {
        installation = Installation.start();
    }

    @AfterEach
    void stop() {
        installation.close();
    }

    private static String job() {
        return Api.text(Map.of(
                "name",
                "job-watched",
                "image",
                "python",
                "type",
                "batch",
                "startupCommand",
                "sleep 5; exit 7",
                "enqueueOnly",
                true,
                "config",
                Map.of("resources", Map.of("cpu", "1", "mem", "256m"))));
    }

    @Test
    void tellsAfterADeathWhatCameAfterTheLastEvent() throws Exception {
        var http = SignedHttp.user(installation);
        var api = new Api(http);
        // one that heard nothing before the server died has an id to come back with all the same
        try (var silent = EventReader.of(http, "/events/session?sessionName=job-watched&scope=kernel");
                var before = EventReader.of(http, TARGET)) {
            var begin = silent.begin();
            var created = api.send("POST", "/session", job());
            assertEquals(201, created.statusCode(), created::body);
            var enqueued = before.until("session_started").getFirst();
            installation.killNine();
            installation.up();

            assertEquals("session_enqueued", enqueued.name());
            try (var after = EventReader.after(http, TARGET, Long.toString(enqueued.id()))) {
                assertAllInOrder(enqueued, sessionEvents(after.until("session_terminated")));
            }
            try (var again = EventReader.after(http, TARGET, begin)) {
                var first = again.until("session_terminated").getFirst();
                assertEquals("session_enqueued", first.name());
                assertEquals(enqueued.id(), first.id());
            }
        }
    }

    private static List<Told> sessionEvents(List<Told> told) {
        return told.stream().filter(one -> one.name().startsWith("session_")).toList();
    }

    private static void assertAllInOrder(Told had, List<Told> after) {
        var ids = after.stream().map(Told::id).toList();
        // session_failure and session_terminated are one event: only the last has the id
        var names = after.stream().map(Told::name).toList();
        assertTrue(ids.stream().allMatch(id -> id >= had.id()), () -> "told again: " + after);
        assertEquals(ids.stream().sorted().toList(), ids, "in their order");
        assertEquals(names.size(), new HashSet<>(names).size(), () -> "each once: " + after);
        assertTrue(!names.contains("session_enqueued"), () -> "told again: " + after);
        assertTrue(
                names.containsAll(List.of("session_started", "session_failure", "session_terminated")),
                () -> "missing in " + after);
    }
}
