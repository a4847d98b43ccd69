package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The main job on containers of a Docker engine: images of any kind, beside the process runtime in one home. */
class DockerIT extends DockerTestCase {

    private static final Logger LOG = LoggerFactory.getLogger(DockerIT.class);

    @BeforeAll
    static void start() {
        start(Map.of(), "ipykernel");
    }

    @Test
    void passesTheFirstTenRowsOfTheBoard() throws Exception {
        var state = Files.createTempDirectory("slipway-docker-board");
        var client = PythonClient.of(home.installation().clientEnvironment(), state);
        // the short name "python" is an image of the sandbox; this one is the engine's
        var outcome =
                new FirstRows(client, "test/python:1").addTo(new Scoreboard()).run();
        LOG.info("On Docker, client {}: {} of 10 rows pass", client.version(), outcome.passed());
        assertEquals(List.of(), outcome.failures());
        assertEquals(10, outcome.passed());
    }

    @Test
    void runsShellLinesInAnImageOfBusyboxAlone() {
        var session = home.running("busybox1", "test/busybox:1");
        assertEquals("42\n", api.run(session, "echo $((6*7))").stdout());
        assertEquals(3, api.run(session, "(exit 3)").exitCode());
        home.end(session);
    }

    @Test
    void runsPythonWhereverTheImageHasIt() {
        for (var image : List.of("python", "local")) {
            var session = home.running("py-" + image, "test/" + image + ":1");
            api.run(session, "kept = 41");
            assertEquals("42\n", api.run(session, "print(kept + 1)").stdout(), image);
            var interpreter =
                    api.run(session, "import sys; print(sys.executable)").stdout();
            assertTrue(
                    interpreter.startsWith(image.equals("local") ? "/usr/local/bin/" : "/usr/bin/"),
                    () -> image + " runs " + interpreter);
            home.end(session);
        }
    }

    @Test
    void runsAnImageWithIpykernelWithoutItsHelpAndWithoutANetwork() {
        var session = home.running("kernel01", "test/ipykernel:1");
        var code = "import os, ipykernel, zmq; print(sorted(os.listdir('/sys/class/net')), ipykernel.__name__)";
        assertEquals("['lo'] ipykernel\n", api.run(session, code).stdout());
        assertEquals(
                "two\n", api.run(session, "print(input('> '))", "two").stdout().replace("> ", ""));
        var programs = home.engine().docker("top", "slipway-" + session, "-eo", "pid,args");
        assertTrue(!programs.contains("ipykernel"), programs);
        home.end(session);
    }

    @Test
    void showsHtmlAndPicturesWithIpythonAndWithout() {
        var plain = home.running("shows001", "test/python:1");
        var shown = "class Shown:\n    def _repr_html_(self): return '<b>rich</b>'\n"
                + "    def _repr_png_(self): return b'PNG'\nShown()";
        assertShows(plain, shown, "[\"html\",\"<b>rich</b>\"]");
        assertShows(plain, shown, "[\"media\",[\"image/png\",\"data:image/png;base64,UE5H\"]]");
        home.end(plain);
        var full = home.running("shows002", "test/ipykernel:1");
        assertShows(full, "from IPython.display import HTML\nHTML('<b>rich</b>')", "[\"html\",\"<b>rich</b>\"]");
        assertShows(
                full,
                "from IPython.display import Image\nImage(data=b'\\x89PNG\\r\\n\\x1a\\n')",
                "[\"media\",[\"image/png\",\"data:image/png;base64,iVBORw0KGgo=\"]]");
        home.end(full);
    }

    private static void assertShows(String session, String code, String expected) {
        var reply = api.step(session, null, "query", code);
        var console = new ArrayList<String>();
        while (true) {
            reply.path("console").forEach(piece -> console.add(piece.toString()));
            if (!reply.path("status").asText().equals("continued")) {
                break;
            }
            reply = api.step(session, reply.path("runId").asText(), "continue", "");
        }
        assertTrue(console.contains(expected), console::toString);
    }

    @Test
    void saysWhyAnImageCannotRunCode() {
        var session = home.create("empty001", "test/empty:1");
        var info = home.await(session, "ERROR");
        assertTrue(info.contains("neither a Python 3 nor /bin/sh"), info);
    }

    @Test
    void runsBesideTheProcessRuntimeInOneHome() {
        var sandboxed = api.create("sandbox1");
        var contained = home.running("contain1", "test/python:1");
        var where = "import os; print(os.path.exists('/.dockerenv'))";
        assertEquals("False\n", api.run(sandboxed, where).stdout());
        assertEquals("True\n", api.run(contained, where).stdout());
        home.end(sandboxed);
        home.end(contained);
    }

    @Test
    void tellsWhatKernelsOfBothRuntimesUse() {
        var container = home.running("used0001", "test/python:1");
        var sandbox = api.create("used0002");
        for (var session : List.of(container, sandbox)) {
            api.run(session, "import time; end = time.process_time() + 0.3\nwhile time.process_time() < end: pass");
            var stat = Await.until(
                    DockerHome.LIMIT,
                    () -> stat(session),
                    found -> found.path("cpu_used").path("current").asLong() >= 200);
            assertEquals("100", stat.path("cpu_util").path("capacity").asText(), stat::toString);
            assertEquals(256 << 20, stat.path("mem").path("capacity").asInt(), stat::toString);
            assertTrue(stat.path("mem").path("current").asLong() > 1 << 20, stat::toString);
            for (var name : List.of("io_read", "io_write", "net_rx", "net_tx")) {
                assertTrue(stat.path(name).path("current").isValueNode(), stat::toString);
            }
            var info = Api.json(api.send("GET", "/session/" + session, null).body());
            assertTrue(info.path("lastStat").path("mem").has("pct"), info::toString);
            var stats = Api.json(api.send("DELETE", "/session/" + session, null).body());
            assertTrue(stats.path("stats").path("cpu_used").path("current").asLong() >= 200, stats::toString);
            home.await(session, "TERMINATED");
        }
    }

    private static JsonNode stat(String session) {
        var found = api.graphQl("{ compute_session(id: \"" + session + "\") { containers { live_stat } } }")
                .path("compute_session")
                .path("containers")
                .path(0)
                .path("live_stat");
        return Api.json(found.asText("{}"));
    }

    @Test
    void runsJobsAndKeepsTheirExitCodeOverAKilledServer() {
        var quick = job("job-busybox", "test/busybox:1", "echo one $((40 + 2)); exit 7");
        assertTrue(home.await(quick, "TERMINATED").contains("task-failed"));
        assertTrue(exitData(quick).contains("\"exit_code\":7"), () -> exitData(quick));
        assertTrue(api.send("GET", "/session/" + quick + "/logs", null).body().contains("one 42"));

        var slow = job("job-python", "test/python:1", "sleep 6; exit 5");
        home.await(slow, "RUNNING");
        home.installation().killNine();
        home.installation().up();
        assertTrue(home.await(slow, "TERMINATED").contains("task-failed"));
        assertTrue(exitData(slow).contains("\"exit_code\":5"), () -> exitData(slow));
    }

    @Test
    void pullsAnImageThatIsNotOnTheNode(@TempDir Path folder) throws Exception {
        var engine = home.engine();
        var image = DockerRegistry.ADDRESS + "/team/tool:1";
        try (var registry = DockerRegistry.start(engine)) {
            withALayerOfItsOwn(folder, image);
            registry.take(engine, "team/tool:1");
            home.awaitImage(image);
            engine.docker("rmi", image);
            var http = SignedHttp.user(home.installation());
            try (var told = EventReader.of(http, "/events/session?sessionName=pulls001&scope=kernel")) {
                told.begin();
                var session = home.running("pulls001", image);
                assertEquals("20000000\n", api.run(session, "wc -c </layer").stdout());
                var history = api.graphQl("{ compute_session(id: \"" + session + "\") { status_history } }")
                        .path("compute_session")
                        .path("status_history")
                        .asText();
                assertTrue(history.contains("PULLING") && history.contains("RUNNING"), history);
                var names = told.until("kernel_started").stream()
                        .map(EventReader.Told::name)
                        .toList();
                assertTrue(names.contains("kernel_pulling"), names::toString);
                home.end(session);
            }
        }
        engine.docker("rmi", image);
    }

    /** So that there is something to be pulled. */
    private static void withALayerOfItsOwn(Path folder, String image) throws IOException {
        var layer = new byte[20_000_000];
        new Random(1).nextBytes(layer);
        var container = home.engine().docker("create", "test/busybox:1", "true");
        home.engine().docker("cp", Files.write(folder.resolve("layer"), layer).toString(), container + ":/layer");
        home.engine().docker("commit", container, image);
        home.engine().docker("rm", container);
    }

    private static String job(String name, String image, String command) {
        var body = Api.creation(name, image, true)
                .replaceFirst("\\{", "{\"type\":\"batch\",\"startupCommand\":\"" + command.replace("$", "\\$") + "\",");
        var response = api.send("POST", "/session", body);
        assertEquals(201, response.statusCode(), response::body);
        return Api.json(response.body()).path("sessionId").asText();
    }

    private static String exitData(String session) {
        return api.graphQl("{ compute_session(id: \"" + session + "\") { containers { status_data } } }")
                .path("compute_session")
                .path("containers")
                .path(0)
                .path("status_data")
                .asText();
    }

    @Test
    void startsASessionAnewInAnotherContainer() {
        var session = home.running("restart1", "test/python:1");
        api.run(session, "kept = 1; open('kept.txt', 'w').write('file')");
        var before = home.inspect(session).path("Id").asText();
        var response = api.send("PATCH", "/session/restart1", "{}");
        assertTrue(response.statusCode() < 300, response::body);
        Await.until(DockerHome.LIMIT, () -> api.status(session), "RUNNING"::equals);
        assertTrue(!before.equals(home.inspect(session).path("Id").asText()), "still the container " + before);
        assertEquals(
                "False file\n",
                api.run(session, "print('kept' in globals(), open('kept.txt').read())")
                        .stdout());
        assertEquals(1, home.engine().containers().size());
        home.end(session);
    }

    @Test
    void findsItsContainersAgainAfterTheServerWasKilled() {
        var session = home.running("survivor", "test/python:1");
        api.run(session, "kept = 'still here'");
        home.installation().killNine();
        home.installation().up();
        assertEquals("RUNNING", api.status(session));
        assertEquals("still here\n", api.run(session, "print(kept)").stdout());
        home.end(session);
    }
}
