package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The main job on containers of a Docker engine: images of any kind, beside the process runtime in one home. */
class DockerIT {

    private static final Logger LOG = LoggerFactory.getLogger(DockerIT.class);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static DockerEngine engine;
    private static Installation installation;
    private static Api api;

    @BeforeAll
    static void start() {
        var obstacle = DockerEngine.obstacle();
        if (!obstacle.isEmpty()) {
            LOG.warn("Nothing is tested on Docker: {}", obstacle);
        }
        assumeTrue(obstacle.isEmpty(), obstacle);
        engine = DockerEngine.start();
        engine.makeImages();
        installation = Installation.start(Map.of(
                "io.slipway.runtime.docker.cfg",
                "host=unix://" + engine.socket() + "\n",
                "io.slipway.agent.node.cfg",
                "inventoryMillis=1000\nreaperMillis=2000\n"));
        assumeTrue(
                Files.isDirectory(installation.home().resolve("plugins/docker")),
                "this distribution has no plug-in for Docker");
        api = new Api(SignedHttp.user(installation));
        Await.until(LIMIT, () -> installation.shell("slipway:image-list").out(), list -> list.contains("test/empty:1"));
    }

    @AfterAll
    static void stop() {
        try {
            if (installation != null) {
                installation.close();
            }
        } finally {
            if (engine != null) {
                engine.close();
            }
        }
    }

    /** Creates a session of an image and returns its id; it runs, or is what it became. */
    private static String create(String name, String image) {
        var body = Api.creation(name, false).replace("\"python\"", "\"" + image + "\"");
        var response = api.send("POST", "/session", body);
        assertEquals(201, response.statusCode(), response::body);
        return Api.json(response.body()).path("sessionId").asText();
    }

    private static String running(String name, String image) {
        var session = create(name, image);
        assertEquals("RUNNING", api.status(session), () -> info(session));
        return session;
    }

    private static String info(String session) {
        return api.graphQl("{ compute_session(id: \"" + session + "\") { status status_info } }")
                .toString();
    }

    private static void end(String session) {
        api.destroy(session);
        Await.until(LIMIT, () -> api.status(session), "TERMINATED"::equals);
    }

    @Test
    void runsShellLinesInAnImageOfBusyboxAlone() {
        var session = running("busybox1", "test/busybox:1");
        assertEquals("42\n", api.run(session, "echo $((6*7))").stdout());
        assertEquals(3, api.run(session, "(exit 3)").exitCode());
        end(session);
    }

    @Test
    void runsPythonWhereverTheImageHasIt() {
        for (var image : List.of("python", "local")) {
            var session = running("py-" + image, "test/" + image + ":1");
            api.run(session, "kept = 41");
            assertEquals("42\n", api.run(session, "print(kept + 1)").stdout(), image);
            var interpreter =
                    api.run(session, "import sys; print(sys.executable)").stdout();
            assertTrue(
                    interpreter.startsWith(image.equals("local") ? "/usr/local/bin/" : "/usr/bin/"),
                    () -> image + " runs " + interpreter);
            end(session);
        }
    }

    @Test
    void saysWhyAnImageCannotRunCode() {
        var session = create("empty001", "test/empty:1");
        Await.until(LIMIT, () -> api.status(session), "ERROR"::equals);
        assertTrue(info(session).contains("neither a Python 3 nor /bin/sh"), () -> info(session));
    }

    @Test
    void runsBesideTheProcessRuntimeInOneHome() {
        var sandboxed = api.create("sandbox1");
        var contained = running("contain1", "test/python:1");
        var where = "import os; print(os.path.exists('/.dockerenv'))";
        assertEquals("False\n", api.run(sandboxed, where).stdout());
        assertEquals("True\n", api.run(contained, where).stdout());
        end(sandboxed);
        end(contained);
    }
}
