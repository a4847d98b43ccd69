package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the genuine client's command lines against a real installation and prints the board. */
class ScoreboardIT {

    /** Fewer must never pass; raise it with every row that is won. */
    private static final int PASSING = 13;

    private static final Logger LOG = LoggerFactory.getLogger(ScoreboardIT.class);
    private static final JsonMapper MAPPER = new JsonMapper();

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
        var outcome = new Scoreboard()
                .check(1, ScoreboardIT::showsVersions)
                .check(2, () -> jsonItems("ps"))
                .check(3, () -> jsonItems("session", "list", "--running"))
                .check(4, ScoreboardIT::enqueues)
                .check(5, ScoreboardIT::createsAndWaits)
                .check(6, ScoreboardIT::tellsOfASession)
                .check(7, () -> client.run("session", "logs", "sess0001").succeeded())
                .check(8, () -> destroys("session", "destroy", "sess0001"))
                .check(9, ScoreboardIT::destroysByForce)
                .check(10, ScoreboardIT::runsCode)
                .check(22, ScoreboardIT::renames)
                .check(51, ScoreboardIT::listsResourceGroups)
                .check(57, ScoreboardIT::announces)
                .run();
        LOG.info("The board, client {}{}:\n{}", client.version(), degraded(), String.join("\n", outcome.lines()));
        assertTrue(
                outcome.passed() >= PASSING,
                () -> outcome.passed() + " of " + PASSING + " pass:\n" + String.join("\n", outcome.failures()));
    }

    private static String degraded() {
        return client.version().equals(PythonClient.VERSION)
                ? ""
                : " DEGRADED: " + PythonClient.VERSION + " is not served by the package index";
    }

    private static void showsVersions() {
        var out = client.run("config").succeeded().out();
        assertTrue(out.contains("v8.20240915") && out.contains("24.09"), out);
    }

    private static void enqueues() throws Exception {
        var out = client.run(
                        "session",
                        "create",
                        "-t",
                        "sess0001",
                        "-r",
                        "cpu=1",
                        "-r",
                        "mem=512m",
                        "--enqueue-only",
                        "python")
                .succeeded()
                .all();
        assertTrue(out.contains(session("sess0001").path("session_id").asText()), out);
    }

    private static void createsAndWaits() throws Exception {
        var out = client.run("session", "create", "-t", "sess0002", "python")
                .succeeded()
                .all();
        var session = session("sess0002");
        assertTrue(out.contains(session.path("session_id").asText()), out);
        assertEquals("RUNNING", session.path("status").asText());
    }

    private static void tellsOfASession() throws Exception {
        var id = session("sess0002")
                .path("session_id")
                .asText(session("sess0002").path("id").asText());
        var out = client.run("--output=json", "session", "info", id).succeeded().out();
        var info = MAPPER.readTree(out);
        assertTrue(out.contains("sess0002"), out);
        assertFalse(info.isMissingNode());
    }

    private static void destroysByForce() {
        destroys("session", "destroy", "sess0002");
        client.run("session", "create", "-t", "sess0001", "python").succeeded();
        destroys("session", "destroy", "-f", "sess0001");
    }

    private static void runsCode() {
        var out = client.run("run", "--rm", "-c", "print(6*7)", "python")
                .succeeded()
                .out();
        assertTrue(out.contains("42"), out);
    }

    private static void renames() throws Exception {
        client.run("session", "create", "-t", "sess0003", "python").succeeded();
        client.run("session", "rename", "sess0003", "sess0009").succeeded();
        assertEquals("RUNNING", session("sess0009").path("status").asText());
        destroys("session", "destroy", "sess0009");
    }

    private static void listsResourceGroups() {
        var out = client.run("admin", "scaling-group", "get-available", "default")
                .succeeded()
                .all();
        assertTrue(out.contains("'default'") || out.contains("\"default\""), out);
    }

    private static void announces() {
        client.run("admin", "announcement", "update", "-m", "Back at noon").succeeded();
        assertTrue(client.run("admin", "announcement", "get").succeeded().all().contains("Back at noon"));
        client.run("admin", "announcement", "delete").succeeded();
        assertFalse(client.run("admin", "announcement", "get").succeeded().all().contains("Back at noon"));
    }

    private static void destroys(String... words) {
        var result = client.run(words).succeeded();
        assertFalse(result.all().contains("Traceback"), result.all());
    }

    /** Runs a listing command and returns its items. */
    private static JsonNode jsonItems(String... words) throws Exception {
        var line = new String[words.length + 1];
        line[0] = "--output=json";
        System.arraycopy(words, 0, line, 1, words.length);
        var items = MAPPER.readTree(client.run(line).succeeded().out()).path("items");
        assertTrue(items.isArray(), () -> String.join(" ", words) + " gives no items");
        return items;
    }

    private static JsonNode session(String name) throws Exception {
        for (var item : jsonItems("ps")) {
            if (item.path("name").asText().equals(name)) {
                return item;
            }
        }
        throw new AssertionError("ps does not list " + name);
    }
}
