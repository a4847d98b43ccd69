package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Base64;

/** Rows 1 to 10 of the board: the life of sessions of one image, by the genuine client. */
final class FirstRows {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final PythonClient client;
    private final String image;

    FirstRows(PythonClient client, String image) {
        this.client = client;
        this.image = image;
    }

    Scoreboard addTo(Scoreboard board) {
        return board.check(1, this::showsVersions)
                .check(2, () -> client.items("ps"))
                .check(4, this::enqueues)
                .check(5, this::createsAndWaits)
                .check(3, this::listsWhatRuns)
                .check(6, this::tellsOfASession)
                .check(8, this::destroys)
                .check(7, this::showsTheLog)
                .check(9, this::destroysByForce)
                .check(10, this::runsCode);
    }

    private void showsVersions() {
        var out = client.run("config").succeeded().out();
        assertTrue(out.contains("v8.20240915") && out.contains("24.09"), out);
    }

    private void enqueues() {
        var out = client.run(
                        "session", "create", "-t", "sess0001", "-r", "cpu=1", "-r", "mem=512m", "--enqueue-only", image)
                .succeeded()
                .all();
        assertTrue(out.contains(client.session("sess0001").path("session_id").asText()), out);
    }

    private void createsAndWaits() {
        var out = client.run("session", "create", "-t", "sess0002", image)
                .succeeded()
                .all();
        var session = client.session("sess0002");
        assertTrue(out.contains(session.path("session_id").asText()), out);
        assertEquals("RUNNING", session.path("status").asText());
    }

    private void listsWhatRuns() {
        var found = client.items("session", "list", "--running").findValuesAsText("name");
        assertTrue(found.contains("sess0002"), found::toString);
    }

    private void tellsOfASession() {
        var info = info(id("sess0002"));
        assertEquals("sess0002", info.path("name").asText());
        assertEquals("RUNNING", info.path("status").asText());
    }

    /** The client fails on an answer that has no figures. */
    private void destroys() {
        Await.until(LIMIT, () -> client.session("sess0001").path("status").asText(), "RUNNING"::equals);
        var id = id("sess0001");
        client.destroys("session", "destroy", "-s", "sess0001");
        assertEnds(id);
    }

    private void showsTheLog() throws IOException {
        // the client hands the file on as it is, and the wire has such a script in base64
        var script = Base64.getEncoder().encodeToString("echo from-the-log\n".getBytes(StandardCharsets.UTF_8));
        Files.writeString(client.folder().resolve("boot.b64"), script);
        client.run("session", "create", "-t", "sess0007", "--bootstrap-script", "boot.b64", image)
                .succeeded();
        var out = client.run("session", "logs", "sess0007").succeeded().out();
        assertTrue(out.contains("from-the-log"), out);
    }

    private void destroysByForce() {
        var id = id("sess0007");
        client.destroys("session", "destroy", "-f", "sess0007");
        assertEnds(id);
        client.destroys("session", "destroy", "sess0002");
    }

    private String id(String name) {
        return client.session(name).path("session_id").asText();
    }

    private JsonNode info(String id) {
        var out = client.run("--output=json", "session", "info", id).succeeded().out();
        return Api.json(out).path("items").path(0);
    }

    private void assertEnds(String id) {
        Await.until(LIMIT, () -> info(id).path("status").asText(), "TERMINATED"::equals);
    }

    private void runsCode() {
        var out =
                client.run("run", "--rm", "-c", "print(6*7)", image).succeeded().out();
        assertTrue(out.contains("42"), out);
    }
}
