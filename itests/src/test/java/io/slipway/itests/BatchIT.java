package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Batch sessions, batch mode of execute, display values and restarts, on a running all-in-one. */
class BatchIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static Installation installation;
    private static Api api;
    private static PythonClient client;

    @BeforeAll
    static void start() throws Exception {
        installation = Installation.start();
        api = new Api(SignedHttp.user(installation));
        client = PythonClient.of(installation.clientEnvironment(), Files.createTempDirectory("slipway-batch"));
    }

    @AfterAll
    static void stop() {
        installation.close();
    }

    private static String batch(String name, Map<String, Object> more) {
        var body = new HashMap<String, @Nullable Object>(
                Map.of("name", name, "image", "python", "type", "batch", "enqueueOnly", true, "reuseIfExists", false));
        body.put("config", Map.of("resources", Map.of("cpu", "1", "mem", "256m")));
        body.putAll(more);
        var response = api.send("POST", "/session", Api.text(body));
        assertEquals(201, response.statusCode(), response::body);
        return Api.json(response.body()).path("sessionId").asText();
    }

    private static JsonNode ended(String session) {
        Await.until(LIMIT, () -> api.status(session), List.of("TERMINATED", "ERROR", "CANCELLED")::contains);
        return api.graphQl("{ compute_session(id: \"" + session
                        + "\") { status status_info result containers { status_data } } }")
                .path("compute_session");
    }

    private static String logs(String session) {
        var response = api.send("GET", "/session/" + session + "/logs", null);
        assertEquals(200, response.statusCode(), response::body);
        return Api.json(response.body()).path("result").path("logs").asText();
    }

    @Test
    void aJobEndsItsSessionWithItsResultAndKeepsItsLog() {
        var good = batch("job-good", Map.of("startupCommand", "echo \"one $((40 + 2))\"; echo two >&2"));
        var end = ended(good);
        assertEquals("TERMINATED", end.path("status").asText(), end::toString);
        assertEquals("SUCCESS", end.path("result").asText().toUpperCase(java.util.Locale.ROOT));
        assertTrue(end.path("status_info").asText().contains("task-finished"), end::toString);
        assertTrue(logs(good).contains("one 42") && logs(good).contains("two"), () -> logs(good));

        var bad = ended(batch("job-bad", Map.of("startupCommand", "exit 3")));
        assertEquals("TERMINATED", bad.path("status").asText(), bad::toString);
        assertEquals("FAILURE", bad.path("result").asText().toUpperCase(java.util.Locale.ROOT));
        assertTrue(bad.path("status_info").asText().contains("task-failed"), bad::toString);
    }

    @Test
    void aJobFollowsThoseThatSucceed() {
        var first = batch("job-first", Map.of("startupCommand", "sleep 2"));
        var failing = batch("job-failing", Map.of("startupCommand", "sleep 2; exit 1"));
        var second = batch("job-second", Map.of("startupCommand", "true", "dependencies", List.of("job-first")));
        var never = batch("job-never", Map.of("startupCommand", "true", "dependencies", List.of(failing)));
        var later = batch("job-later", Map.of("startupCommand", "true", "starts_at", "30d"));

        assertEquals("SUCCESS", ended(second).path("result").asText());
        assertEquals("SUCCESS", ended(first).path("result").asText());
        var end = ended(never);
        assertEquals("CANCELLED", end.path("status").asText(), end::toString);
        assertTrue(
                end.path("status_info").asText().startsWith("dependency-failed: session job-failing"), end::toString);
        assertEquals("PENDING", api.status(later));
        api.destroy(later);
    }

    @Test
    void theBootstrapScriptRunsFirstAndTheTimeoutEnds() {
        var script = Base64.getEncoder().encodeToString("echo prepared >ready\n".getBytes(StandardCharsets.UTF_8));
        var prepared = batch("job-prepared", Map.of("startupCommand", "cat ready", "bootstrap_script", script));
        assertEquals("TERMINATED", ended(prepared).path("status").asText());
        assertTrue(logs(prepared).contains("prepared"), () -> logs(prepared));

        var slow = ended(batch("job-slow", Map.of("startupCommand", "sleep 100", "batch_timeout", "2s")));
        assertTrue(slow.path("status_info").asText().contains("task-timeout"), slow::toString);
        assertEquals("FAILURE", slow.path("result").asText().toUpperCase(java.util.Locale.ROOT));
    }

    @Test
    void theExitCodeOutlivesAKilledServer() throws Exception {
        var session = batch("job-long", Map.of("startupCommand", "echo begun; sleep 8; echo over; exit 7"));
        Await.until(LIMIT, () -> logs(session), text -> text.contains("begun"));
        installation.killNine();
        Thread.sleep(10_000); // the job ends while nobody is there
        installation.up();
        assertFailedWithSeven(session);
        installation.killNine();
        installation.up();
        assertFailedWithSeven(session);
    }

    private static void assertFailedWithSeven(String session) throws IOException {
        var end = ended(session);
        assertEquals("task-failed", end.path("status_info").asText());
        assertEquals("FAILURE", end.path("result").asText().toUpperCase(java.util.Locale.ROOT));
        var kernel = end.path("containers").path(0);
        assertEquals(
                7,
                Api.json(kernel.path("status_data").asText()).path("exit_code").asInt(),
                end::toString);
        assertTrue(logs(session).contains("over"), () -> logs(session));
        try (var reader = EventReader.of(SignedHttp.user(installation), "/events/session?sessionId=" + session)) {
            var told = reader.until("server_close");
            var failure = told.stream()
                    .filter(one -> one.name().equals("session_failure"))
                    .findFirst();
            assertEquals(7, failure.orElseThrow().data().path("exitCode").asInt(), told::toString);
        }
    }

    @Test
    void batchModeTellsEachStep() {
        var session = api.create("steps-one");
        var body = new HashMap<String, @Nullable Object>();
        body.put("runId", null);
        body.put("mode", "batch");
        body.put("code", "");
        body.put("options", Map.of("clean", "echo cleaned", "build", "echo built >b", "exec", "cat b; exit 4"));
        var seen = new ArrayList<String>();
        var console = new StringBuilder();
        for (var status = ""; !status.equals("finished"); ) {
            var response = api.send("POST", "/session/" + session, Api.text(body));
            assertEquals(200, response.statusCode(), response::body);
            var reply = Api.json(response.body()).path("result");
            reply.path("console").forEach(piece -> console.append(piece.get(1).asText()));
            status = reply.path("status").asText();
            if (!status.equals("continued")) {
                seen.add(status + " " + reply.path("exitCode"));
            }
            body.put("runId", reply.path("runId").asText());
            body.put("mode", "continue");
            body.put("options", null);
        }
        assertEquals(List.of("clean-finished 0", "build-finished 0", "finished 4"), seen);
        assertEquals("cleaned\nbuilt\n", console.toString());
        api.destroy(session);
    }

    @Test
    void showsDisplayValues() {
        var session = api.create("shows-one");
        var code = """
                class Shown:
                    def __repr__(self): return "plain"
                    def _repr_html_(self): return "<b>rich</b>"
                    def _repr_png_(self): return b"PNG"
                    def _repr_jpeg_(self): return "SlBF\\nRw==", {"width": 1}
                Shown()""";
        var reply = api.step(session, null, "query", code);
        assertEquals("finished", reply.path("status").asText(), reply::toString);
        assertEquals(
                Api.json("[[\"stdout\",\"plain\\n\"],[\"html\",\"<b>rich</b>\"],"
                        + "[\"media\",[\"image/png\",\"data:image/png;base64,UE5H\"]],"
                        + "[\"media\",[\"image/jpeg\",\"data:image/jpeg;base64,SlBFRw==\"]]]"),
                reply.path("console"));
        api.destroy(session);
    }

    @Test
    void aRestartKeepsTheHomeAndForgetsVariables() {
        var session = api.create("again-one");
        api.run(session, "kept = 1\nopen('kept.txt', 'w').write('still here')");
        var response = api.send("PATCH", "/session/" + session, null);
        assertEquals(204, response.statusCode(), response::body);
        assertEquals("RUNNING", api.status(session));
        assertEquals(
                "still here False\n",
                api.run(session, "print(open('kept.txt').read(), 'kept' in globals())")
                        .stdout());
        assertEquals(0, api.run(session, "open('kept.txt', 'a').write('more');").exitCode());
        api.destroy(session);
        Await.until(LIMIT, () -> api.status(session), "TERMINATED"::equals);
        assertEquals(404, api.send("PATCH", "/session/nobody", null).statusCode());
    }

    @Test
    void theGenuineClientRunsFilesJobsAndRestarts() throws Exception {
        Files.writeString(client.folder().resolve("main.py"), "print('from', 'a file')\n");
        var run = client.run("run", "--rm", "--exec", "python main.py", "python", "main.py")
                .succeeded();
        assertTrue(run.all().contains("from a file"), run.all());

        client.run("session", "create", "--type", "batch", "--startup-command", "echo hi", "-t", "batch001", "python")
                .succeeded();
        client.run("session", "create", "-t", "again002", "python").succeeded();
        client.run("session", "restart", "again002").succeeded();
        var after = client.run("run", "--rm", "-t", "again002", "-c", "print(6*7)", "python")
                .succeeded();
        assertTrue(after.all().contains("42"), after.all());
    }
}
