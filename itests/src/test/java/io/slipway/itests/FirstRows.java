package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Rows 1 to 10 of the board: the life of sessions of one image, by the genuine client. */
final class FirstRows {

    private final PythonClient client;
    private final String image;

    FirstRows(PythonClient client, String image) {
        this.client = client;
        this.image = image;
    }

    Scoreboard addTo(Scoreboard board) {
        return board.check(1, this::showsVersions)
                .check(2, () -> client.items("ps"))
                .check(3, () -> client.items("session", "list", "--running"))
                .check(4, this::enqueues)
                .check(5, this::createsAndWaits)
                .check(6, this::tellsOfASession)
                .check(7, () -> client.run("session", "logs", "sess0001").succeeded())
                .check(8, () -> client.destroys("session", "destroy", "sess0001"))
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

    private void tellsOfASession() {
        var id = client.session("sess0002")
                .path("session_id")
                .asText(client.session("sess0002").path("id").asText());
        var out = client.run("--output=json", "session", "info", id).succeeded().out();
        var info = Api.json(out);
        assertTrue(out.contains("sess0002"), out);
        assertFalse(info.isMissingNode());
    }

    private void destroysByForce() {
        client.destroys("session", "destroy", "sess0002");
        client.run("session", "create", "-t", "sess0001", image).succeeded();
        client.destroys("session", "destroy", "-f", "sess0001");
    }

    private void runsCode() {
        var out =
                client.run("run", "--rm", "-c", "print(6*7)", image).succeeded().out();
        assertTrue(out.contains("42"), out);
    }
}
