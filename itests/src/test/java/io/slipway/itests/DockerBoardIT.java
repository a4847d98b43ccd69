package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The first rows of the board by the genuine client, on containers of a Docker engine. */
class DockerBoardIT {

    private static final Logger LOG = LoggerFactory.getLogger(DockerBoardIT.class);

    @Test
    void passesTheFirstTenRowsOnDocker() throws Exception {
        DockerHome.assumeEngine();
        var engine = DockerEngine.start();
        engine.makeImages();
        try (var home = DockerHome.on(engine)) {
            var state = Files.createTempDirectory("slipway-docker-board");
            var client = PythonClient.of(home.installation().clientEnvironment(), state);
            // the short name "python" is one of the sandbox; this one is the engine's
            var outcome = new FirstRows(client, "test/python:1")
                    .addTo(new Scoreboard())
                    .run();
            LOG.info("On Docker, client {}: {} of 10 rows pass", client.version(), outcome.passed());
            assertEquals(List.of(), outcome.failures());
            assertEquals(10, outcome.passed());
            home.awaitNothingLeft();
        }
    }
}
