package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A server dies in the middle of a start: the next one finds what the engine has, and the session comes to run, in one
 * container. Only the deadline of the start could make it otherwise, and a restart takes a small part of that.
 */
class DockerKillIT extends DockerTestCase {

    private static final String IMAGE = "test/busybox:1";

    @BeforeAll
    static void start() {
        start(Map.of("io.slipway.manager.session.cfg", "creatingSeconds=600\nretryEverySeconds=1\n"));
    }

    /** The engine may get round to the start by itself or not: it is taken over, or made once more. */
    @Test
    void aServerKilledBetweenCreateAndStartGoesOnWithIt() {
        var session = "";
        home.engine().freezeStarts(true);
        try {
            session = home.enqueue("between1", IMAGE);
            home.awaitContainer(session, "created");
            home.installation().killNine();
        } finally {
            home.engine().freezeStarts(false);
        }
        home.installation().up();
        runsInOneContainer(session);
        home.end(session);
    }

    @Test
    void aServerThatDiesWithAContainerMadeAndNotStartedStartsAnew() {
        var installation = home.installation();
        installation.killNine();
        installation.up(Map.of("SLIPWAY_JAVA_OPTS", "-Dslipway.failpoint=docker.created"));
        var server = ProcessHandle.of(installation.pid()).orElseThrow();
        var session = home.enqueue("between2", IMAGE);
        Await.until(DockerHome.LIMIT, server::isAlive, isAlive -> !isAlive);
        assertEquals("created", home.containerState(session));
        var before = home.inspect(session).path("Id").asText();
        installation.up();
        runsInOneContainer(session);
        assertNotEquals(before, home.inspect(session).path("Id").asText(), "what was begun is cleared away first");
        home.end(session);
    }

    private static void runsInOneContainer(String session) {
        home.await(session, "RUNNING");
        assertEquals("running", home.containerState(session));
        assertEquals(1, home.engine().containers().size());
        assertEquals("42\n", api.run(session, "echo 42").stdout());
    }
}
