package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the genuine client's command lines against a real installation and prints the board. */
class ScoreboardIT {

    /** Fewer must never pass; raise it with every row that is won. */
    private static final int PASSING = 22;

    private static final Logger LOG = LoggerFactory.getLogger(ScoreboardIT.class);

    private static Installation installation;
    private static PythonClient client;
    private static Path state;

    @BeforeAll
    static void start() throws Exception {
        installation = Installation.start();
        state = Files.createTempDirectory("slipway-board");
        client = PythonClient.of(installation.clientEnvironment(), state);
    }

    @AfterAll
    static void stop() {
        installation.close();
    }

    @Test
    void passesTheRowsThatItPassedBefore() {
        var outcome = new FirstRows(client, "python")
                .addTo(new Scoreboard())
                .check(11, ScoreboardIT::runsBatch)
                .check(21, ScoreboardIT::restarts)
                .check(22, ScoreboardIT::renames)
                .check(23, ScoreboardIT::uploads)
                .check(24, ScoreboardIT::downloads)
                .check(25, ScoreboardIT::listsFiles)
                .check(26, ScoreboardIT::tellsEvents)
                .check(27, ScoreboardIT::watches)
                .check(31, ScoreboardIT::runsAJob)
                .check(51, ScoreboardIT::listsResourceGroups)
                .check(56, ScoreboardIT::freezes)
                .check(57, ScoreboardIT::announces)
                .run();
        LOG.info("The board, client {}{}:\n{}", client.version(), degraded(), String.join("\n", outcome.lines()));
        assertTrue(
                outcome.passed() >= PASSING,
                () -> outcome.passed() + " of " + PASSING + " pass:\n" + String.join("\n", outcome.failures()));
    }

    /** Two queries that no row of the everyday command lines sends. */
    @Test
    void listsAgentsAndImages() {
        var agent = client.items("admin", "agent", "list").path(0);
        assertEquals("ALIVE", agent.path("status").asText(), agent::toString);
        assertEquals("default", agent.path("scaling_group").asText(), agent::toString);
        assertTrue(agent.path("available_slots").path("cpu").asInt() > 0, agent::toString);
        assertTrue(agent.path("occupied_slots").has("mem"), agent::toString);
        var images = client.items("admin", "image", "list");
        var python = images.findParents("registry").stream()
                .filter(image -> image.path("registry").asText().equals("local"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(images.toString()));
        assertEquals("python", python.path("name").asText(), python::toString);
        assertEquals("python", python.path("aliases").path(0).asText(), python::toString);
    }

    private static String degraded() {
        return client.version().equals(PythonClient.VERSION)
                ? ""
                : " DEGRADED: " + PythonClient.VERSION + " is not served by the package index";
    }

    private static void runsBatch() throws Exception {
        Files.writeString(client.folder().resolve("main.py"), "print(6*7)\n");
        var out = client.run("run", "--rm", "--exec", "python main.py", "python", "main.py")
                .succeeded()
                .all();
        assertTrue(out.contains("42"), out);
    }

    private static void restarts() throws Exception {
        client.run("session", "create", "-t", "sess0021", "python").succeeded();
        try {
            client.run("session", "restart", "sess0021").succeeded();
            assertEquals("RUNNING", session("sess0021").path("status").asText());
        } finally {
            // what it holds would be lacking for the rows that follow
            destroys("session", "destroy", "sess0021");
        }
    }

    private static void renames() throws Exception {
        client.run("session", "create", "-t", "sess0003", "python").succeeded();
        client.run("session", "rename", "sess0003", "sess0009").succeeded();
        assertEquals("RUNNING", session("sess0009").path("status").asText());
        destroys("session", "destroy", "sess0009");
    }

    private static void uploads() throws Exception {
        client.run("session", "create", "-t", "sess0023", "python").succeeded();
        var folder = client.folder();
        Files.createDirectories(folder.resolve("sub"));
        Files.writeString(folder.resolve("a.txt"), "hello");
        Files.writeString(folder.resolve("sub/b.txt"), "deep");
        client.run("session", "upload", "sess0023", "a.txt", "sub/b.txt").succeeded();
    }

    private static void downloads() throws Exception {
        var target = Files.createTempDirectory(state, "download");
        client.run("session", "download", "sess0023", "a.txt", "sub", "--dest", target.toString())
                .succeeded();
        assertEquals("hello", Files.readString(target.resolve("a.txt")));
        assertEquals("deep", Files.readString(target.resolve("sub/b.txt")));
    }

    private static void listsFiles() {
        var out = client.run("session", "ls", "sess0023", ".").succeeded().out();
        assertTrue(out.contains("a.txt") && out.contains("5 Bytes") && out.contains("sub"), out);
    }

    private static void tellsEvents() throws Exception {
        client.run("session", "create", "-t", "sess0026", "python").succeeded();
        var id = session("sess0026").path("session_id").asText();
        // whether they come before or after the end, they are told of it, and leave
        var byName = CompletableFuture.supplyAsync(() -> client.run("session", "events", "sess0026"));
        var byId = CompletableFuture.supplyAsync(() -> client.run("session", "events", id));
        destroys("session", "destroy", "sess0026");
        for (var heard : List.of(byName, byId)) {
            var out = heard.get(90, TimeUnit.SECONDS).succeeded().out();
            assertTrue(out.contains("session_terminated") && out.contains(id), out);
        }
    }

    private static void watches() throws Exception {
        client.run("session", "create", "-t", "watch027", "python").succeeded();
        var seen = CompletableFuture.supplyAsync(() -> client.run("session", "watch", "watch027"));
        Thread.sleep(4_000); // the client's own start; it tells nobody when it listens
        destroys("session", "destroy", "watch027");
        var out = seen.get(60, TimeUnit.SECONDS).succeeded().all();
        assertTrue(out.contains("session_terminated"), out);
        destroys("session", "destroy", "sess0023");
    }

    private static void runsAJob() {
        client.run(
                        "session",
                        "create",
                        "--type",
                        "batch",
                        "--startup-command",
                        "echo from-the-job",
                        "-t",
                        "batch031",
                        "python")
                .succeeded();
        Await.until(
                Duration.ofSeconds(60),
                () -> client.run("session", "logs", "batch031").all(),
                text -> text.contains("from-the-job"));
    }

    private static void listsResourceGroups() {
        var out = client.run("admin", "scaling-group", "get-available", "default")
                .succeeded()
                .all();
        assertTrue(out.contains("'default'") || out.contains("\"default\""), out);
    }

    private static void freezes() {
        client.run("admin", "manager", "freeze").succeeded();
        try {
            assertTrue(
                    client.run("admin", "manager", "status").succeeded().all().contains("frozen"));
            assertNotEquals(
                    0,
                    client.run("session", "create", "-t", "sess0056", "python").exit());
        } finally {
            client.run("admin", "manager", "unfreeze").succeeded();
        }
        assertFalse(client.run("admin", "manager", "status").succeeded().all().contains("frozen"));
    }

    private static void announces() {
        client.run("admin", "announcement", "update", "-m", "Back at noon").succeeded();
        assertTrue(client.run("admin", "announcement", "get").succeeded().all().contains("Back at noon"));
        client.run("admin", "announcement", "delete").succeeded();
        assertFalse(client.run("admin", "announcement", "get").succeeded().all().contains("Back at noon"));
    }

    private static void destroys(String... words) {
        client.destroys(words);
    }

    private static JsonNode session(String name) throws Exception {
        return client.session(name);
    }
}
