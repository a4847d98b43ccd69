package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.itests.EventReader.Told;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events of sessions and of background tasks, over the death of the server that tells them. */
class EventsIT {

    private static final String TARGET = "/events/session?sessionName=job-watched&scope=session";

    private Installation installation;

    @BeforeEach
    void start() {
        installation = Installation.start(Map.of("io.slipway.plugin.sources.fetch.cfg", "fetchSeconds=600\n"));
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

    /** A change of a plug-in that takes long, because the web server that its jar comes from does. */
    @Test
    void tellsOfATaskOverABreakAndADeath(@TempDir Path folder) throws Exception {
        var shipped = Objects.requireNonNull(Swaps.shipped(installation).get("noop"));
        var jar = new PluginJars(folder, installation.home()).version(shipped, "0.1.7");
        try (var web = OneFileServer.slow(jar);
                var relay = new Relay(installation.port())) {
            var http = SignedHttp.admin(installation);
            var ordered = http.send("POST", "/plugins", Api.text(Map.of("source", web.url(), "id", "noop")));
            assertEquals(202, ordered.statusCode(), ordered::body);
            var task = Api.json(ordered.body()).path("task_id").asText();
            var target = "/events/background-task?task_id=" + task;
            var client = client(relay, folder, task);
            relay.await("bgtask_updated", 1);
            try (var cut = EventReader.of(http, target)) {
                cut.until("bgtask_updated");
            }
            relay.cut();
            relay.await("bgtask_updated", 2);
            try (var dying = EventReader.of(http, target)) {
                dying.until("bgtask_updated");
                installation.killNine();
                dying.until(EventReader.BROKEN);
            }
            installation.up();
            try (var after = EventReader.of(http, target)) {
                after.until("bgtask_updated");
                web.open();
                var end = after.until("server_close");
                var names = end.stream()
                        .map(Told::name)
                        .filter(name -> !name.equals(EventReader.BROKEN))
                        .toList();
                assertEquals("bgtask_updated", names.getFirst(), end::toString);
                assertEquals(List.of("bgtask_done", "server_close"), names.subList(names.size() - 2, names.size()));
            }
            var heard =
                    client.get(2, TimeUnit.MINUTES).succeeded().out().lines().toList();
            assertTrue(heard.getFirst().startsWith("bgtask_updated"), heard::toString);
            assertEquals("server_close {}", heard.getLast());
            assertTrue(heard.get(heard.size() - 2).startsWith("bgtask_done"), heard::toString);
        }
    }

    /** The genuine client listens, by way of something that can break its connection. */
    private CompletableFuture<Command.Result> client(Relay relay, Path folder, String task) throws Exception {
        var environment = new HashMap<>(installation.clientEnvironment());
        environment.put("BACKEND_ENDPOINT", relay.endpoint().toString());
        var client = PythonClient.of(environment, Files.createDirectory(folder.resolve("client")));
        var script = """
                import asyncio
                from ai.backend.client.session import AsyncSession

                async def listen():
                    async with AsyncSession() as session:
                        async with session.BackgroundTask("%s").listen_events() as response:
                            async for event in response:
                                print(event.event, event.data, flush=True)

                asyncio.run(listen())
                """.formatted(task);
        // not on the common pool: of one thread on a small machine, which also tells of the ends of processes
        return CompletableFuture.supplyAsync(
                () -> client.script(script, Duration.ofMinutes(10)), Thread.ofVirtual()::start);
    }
}
