package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes wrong between an agent and its engine: every session ends in the right state with the reason in words, and
 * nothing is left of it. The engine keeps its data on a small disk of its own. What a server leaves that dies in the middle
 * of a start is in {@link DockerKillIT}.
 */
class DockerFaultsIT extends DockerTestCase {

    private static final Logger LOG = LoggerFactory.getLogger(DockerFaultsIT.class);
    private static final String IMAGE = "test/busybox:1";
    private static final String ENGINE_ENDED_IT = "the Docker engine was stopped or restarted";

    private static DockerEngine engine;

    @BeforeAll
    static void start() {
        DockerHome.assumeEngine();
        engine = DockerEngine.startOnSmallDisk(300);
        engine.images();
        // long enough for a start on a busy machine, short enough to be waited for
        use(DockerHome.on(
                engine, Map.of("io.slipway.manager.session.cfg", "creatingSeconds=20\nretryEverySeconds=1\n")));
    }

    /** And all works again. */
    @Override
    @AfterEach
    void nothingIsLeft() {
        super.nothingIsLeft();
        home.end(home.runningAgain("after001", IMAGE));
    }

    private static void assertSaysWhy(String info) {
        var words = List.of("no engine", "cannot be reached", "did not answer within", "took longer than 20 s");
        assertTrue(words.stream().anyMatch(info::contains), info);
    }

    private static void assertSandboxWorks() {
        var session = api.create("elsewhere");
        assertEquals("42\n", api.run(session, "print(6*7)").stdout());
        home.end(session);
    }

    @Test
    void anEngineThatStopsEndsNothingAndRefusesInWords() {
        var session = home.running("orphan01", IMAGE);
        var refused = "";
        engine.kill();
        try {
            assertSandboxWorks();
            // while it is not known whether there is a container, the session is not over and holds its share of the
            // node
            refused = home.enqueue("refused1", IMAGE);
            assertSaysWhy(home.await(refused, "ERROR", "TERMINATING"));
            assertEquals("RUNNING", api.status(session), "an engine that does not answer ends nothing");
        } finally {
            engine.up();
        }
        assertSaysWhy(home.await(refused, "ERROR"));
        // the engine ended its containers when it came back
        var why = home.await(session, "TERMINATED");
        LOG.info("After the restart of its engine: {}", why);
        assertTrue(why.contains(ENGINE_ENDED_IT), why);
    }

    @Test
    void anEngineThatIsRestartedIsTheReasonInWords() {
        var session = home.running("orphan02", IMAGE);
        engine.stop();
        try {
            assertSandboxWorks();
        } finally {
            engine.up();
        }
        var why = home.await(session, "TERMINATED");
        assertTrue(why.contains(ENGINE_ENDED_IT), why);
        // its own signals are told as such
        var killed = home.running("killed01", IMAGE);
        engine.docker("kill", "--signal", "TERM", "slipway-" + killed);
        var info = home.await(killed, "TERMINATED");
        assertTrue(info.contains("signal") && !info.contains("engine"), info);
    }

    @Test
    void whatIsEndedWhileTheEngineIsStoppedIsGoneWhenItIsBack() {
        var session = home.running("doomed01", IMAGE);
        engine.kill();
        try {
            api.destroy(session);
            assertEquals("TERMINATING", api.status(session));
        } finally {
            engine.up();
        }
        var info = home.await(session, "TERMINATED");
        assertTrue(info.contains("force-terminated"), info);
    }

    @Test
    void anEngineThatHangsRefusesInWords() {
        var session = "";
        engine.freeze(true);
        try {
            session = home.enqueue("hanging1", IMAGE);
            assertSaysWhy(home.await(session, "ERROR", "TERMINATING"));
        } finally {
            engine.freeze(false);
        }
        assertSaysWhy(home.await(session, "ERROR"));
    }

    @Test
    void aStartThatHangsEndsAtItsDeadline() {
        var session = "";
        engine.freezeStarts(true);
        try {
            session = home.enqueue("hanging2", IMAGE);
            home.awaitContainer(session, "created");
            assertSaysWhy(home.await(session, "ERROR", "TERMINATING"));
            assertSandboxWorks();
        } finally {
            engine.freezeStarts(false);
        }
        assertSaysWhy(home.await(session, "ERROR"));
    }

    @Test
    void aContainerThatHangsHoldsUpNobodyElse() {
        var stuck = home.running("stuck001", IMAGE);
        engine.freezeContainer("slipway-" + stuck, true);
        try {
            api.destroy(stuck);
            var other = home.running("other001", IMAGE);
            assertEquals("42\n", api.run(other, "echo 42").stdout());
            home.end(other);
            assertEquals("TERMINATING", api.status(stuck), "a container that is there holds what it was given");
        } finally {
            engine.freezeContainer("slipway-" + stuck, false);
        }
        home.await(stuck, "TERMINATED");
    }

    @Test
    void aContainerThatIsMadeAndCannotBeStartedIsRemoved() {
        // where the driver is shown, this image has a file
        var session = home.create("blocked1", "test/blocked:1");
        var info = home.await(session, "ERROR");
        assertTrue(info.contains("failed-to-start") && info.contains("not a directory"), info);
    }

    @Test
    void anImageThatIsNowhereIsNamed() {
        var image = "127.0.0.1:1/team/gone:1";
        engine.docker("tag", IMAGE, image);
        home.awaitImage(image);
        engine.docker("rmi", image);
        var session = home.create("missing1", image);
        var info = home.await(session, "ERROR");
        assertTrue(info.contains("gone:1") && info.contains("cannot be pulled"), info);
        assertTrue(info.contains("connection refused"), info);
    }

    @Test
    void aFullDiskIsNamedAndWhatRunsRunsOn() throws IOException {
        var running = home.running("running1", IMAGE);
        var ballast = engine.data().resolve("ballast");
        new Command(
                        List.of("dd", "if=/dev/zero", "of=" + ballast, "bs=64k"),
                        engine.data(),
                        Map.of(),
                        Duration.ofMinutes(1))
                .run();
        try {
            var session = home.create("nospace1", IMAGE);
            var info = home.await(session, "ERROR");
            assertTrue(info.contains("no space left on device"), info);
            assertEquals("42\n", api.run(running, "echo 42").stdout());
        } finally {
            Files.delete(ballast);
        }
        home.end(running);
    }
}
