package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Events of sessions, over the death of the server that tells them. */
class EventsIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String TARGET = "/events/session?sessionName=job-watched&scope=session";

    /** One event as it came. */
    private record Told(long id, String name) {}

    /** Reads a stream on a thread of its own until it breaks off. */
    private static final class Reader {

        private final List<Told> told = new CopyOnWriteArrayList<>();

        Reader(SignedHttp http, String lastEvent) {
            var lines = http.events(TARGET, lastEvent);
            Thread.ofVirtual().start(() -> {
                try (lines) {
                    var id = new long[1];
                    var name = new String[] {""};
                    lines.forEach(line -> {
                        if (line.startsWith("id:")) {
                            id[0] = Long.parseLong(line.substring(3).strip());
                        } else if (line.startsWith("event:")) {
                            name[0] = line.substring(6).strip();
                        } else if (line.isEmpty() && !name[0].isEmpty()) {
                            told.add(new Told(id[0], name[0]));
                            name[0] = "";
                        }
                    });
                } catch (UncheckedIOException e) {
                    // the server was killed, which is what the test does
                    told.add(new Told(Long.MAX_VALUE, "broken"));
                }
            });
        }

        List<Told> until(String name) {
            return Await.until(
                    LIMIT,
                    () -> List.copyOf(told),
                    all -> all.stream().anyMatch(one -> one.name().equals(name)));
        }
    }

    @Test
    void tellsAfterADeathWhatCameAfterTheLastEvent() throws Exception {
        try (var installation = Installation.start()) {
            var http = SignedHttp.user(installation);
            var api = new Api(http);
            var before = new Reader(http, "");
            var job = Api.text(Map.of(
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
            var created = api.send("POST", "/session", job);
            assertEquals(201, created.statusCode(), created::body);
            var first = before.until("session_started").stream()
                    .filter(one -> one.name().startsWith("session_"))
                    .toList();
            installation.killNine();
            installation.up();

            var enqueued = first.getFirst();
            var after = new Reader(http, Long.toString(enqueued.id())).until("session_failure");

            assertEquals("session_enqueued", enqueued.name());
            var ids = after.stream().map(Told::id).toList();
            assertTrue(ids.stream().allMatch(id -> id > enqueued.id()), () -> "told again: " + after);
            assertEquals(ids.stream().sorted().toList(), ids, "in their order");
            assertEquals(after.size(), new HashSet<>(after).size(), () -> "each once: " + after);
            assertTrue(
                    after.stream().map(Told::name).toList().containsAll(List.of("session_started", "session_failure")),
                    () -> "missing in " + after);
        }
    }
}
