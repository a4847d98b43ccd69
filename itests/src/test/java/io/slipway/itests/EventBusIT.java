package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The event bus of a whole installation is swapped while sessions come and go and a client looks on. */
class EventBusIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String TARGET = "/events/session?sessionName=*&scope=session";
    private static final String BUS = "event-embedded";
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(150);

    @TempDir
    private Path folder;

    /** One event as it came. */
    private record Told(long id, String name, String session) {}

    /** Reads a stream on a thread of its own. */
    private static List<Told> read(SignedHttp http, String lastEvent) {
        var told = new CopyOnWriteArrayList<Told>();
        var lines = http.events(TARGET, lastEvent);
        Thread.ofVirtual().start(() -> {
            try (lines) {
                var parts = new String[] {"0", "", ""};
                lines.forEach(line -> {
                    if (line.startsWith("id:")) {
                        parts[0] = line.substring(3).strip();
                    } else if (line.startsWith("event:")) {
                        parts[1] = line.substring(6).strip();
                    } else if (line.startsWith("data:")) {
                        parts[2] = line.substring(5).strip();
                    } else if (line.isEmpty() && parts[1].startsWith("session_")) {
                        var session = Api.json(parts[2]).path("sessionId").asText();
                        told.add(new Told(Long.parseLong(parts[0]), parts[1], session));
                        parts[1] = "";
                    }
                });
            } catch (UncheckedIOException e) {
                told.add(new Told(Long.MAX_VALUE, "broken: " + e, ""));
            }
        });
        return told;
    }

    @Test
    void aStreamHasNoGapAndNothingTwice() throws Exception {
        try (var installation =
                Installation.start(Map.of("io.slipway.plugin.lifecycle.cfg", "probationMillis=500\n"))) {
            var control = new PluginControl(SignedHttp.admin(installation));
            var jars = new PluginJars(folder, installation.home());
            var http = SignedHttp.user(installation);
            var told = read(http, "");
            var isOver = new AtomicBoolean();
            var lives = CompletableFuture.supplyAsync(() -> live(http, isOver));
            var shipped = shipped(installation);
            for (var round = 0; round < 6; round++) {
                var version = "0.2." + round % 2;
                var outcome =
                        round < 2 ? control.install(BUS, jars.version(shipped, version)) : control.select(BUS, version);
                assertTrue(outcome.isDone(), outcome::words);
            }
            isOver.set(true);
            var sessions = lives.get(60, TimeUnit.SECONDS);

            assertTrue(sessions.size() > 5, () -> "too few sessions: " + sessions);
            Await.until(LIMIT, () -> ended(told), ended -> ended.containsAll(sessions));
            var bySession = told.stream().collect(Collectors.groupingBy(Told::session));
            sessions.forEach(session -> assertLife(bySession.get(session)));
            assertAllKept(told, read(http, "0"));
        }
    }

    private static Path shipped(Installation installation) throws IOException {
        try (var files = Files.list(installation.home().resolve("plugins").resolve(BUS))) {
            return files.findFirst().orElseThrow();
        }
    }

    /** Makes sessions and ends them until it is told to stop; returns their ids. */
    private static List<String> live(SignedHttp http, AtomicBoolean isOver) {
        var api = new Api(http);
        var sessions = new ArrayList<String>();
        while (!isOver.get()) {
            var created =
                    http.send("POST", "/session", Api.creation("seen-" + sessions.size(), "noop/noop:latest", false));
            assertEquals(201, created.statusCode(), created::body);
            var id = Api.json(created.body()).path("sessionId").asText();
            sessions.add(id);
            api.destroy(id);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return sessions;
    }

    private static List<String> ended(List<Told> told) {
        return told.stream()
                .filter(one -> one.name().equals("session_terminated"))
                .map(Told::session)
                .toList();
    }

    private static void assertLife(List<Told> life) {
        var ids = life.stream().map(Told::id).toList();
        assertEquals(ids.stream().sorted().distinct().toList(), ids, () -> "order of " + life);
        assertEquals("session_enqueued", life.getFirst().name(), () -> "begin of " + life);
        assertEquals("session_terminated", life.getLast().name(), () -> "end of " + life);
        assertTrue(life.stream().anyMatch(one -> one.name().equals("session_started")), () -> "start in " + life);
    }

    /** What the outbox has kept is what the stream has told. */
    private static void assertAllKept(List<Told> told, List<Told> kept) {
        var ids = told.stream().map(Told::id).sorted().toList();
        var last = told.getLast();
        var again = Await.until(LIMIT, () -> List.copyOf(kept), all -> all.contains(last));
        assertEquals(
                again.stream()
                        .map(Told::id)
                        .filter(id -> id >= ids.getFirst())
                        .sorted()
                        .toList(),
                ids);
    }
}
