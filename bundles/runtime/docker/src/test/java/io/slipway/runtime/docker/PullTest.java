package io.slipway.runtime.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.model.image.ImageRef;
import io.slipway.runtime.spi.ImageStore.PullProgress;
import io.slipway.runtime.spi.KernelRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Images from a real registry, and what engines leave behind of looks into images. */
class PullTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final ImageRef PULLED = ImageRef.parse(
            TestRegistry.ADDRESS + "/team/pulled:2", ImageNames.architecture(System.getProperty("os.arch")));

    private DockerFixture fixture;
    private DockerRuntime runtime;
    private TestRegistry registry;

    @BeforeEach
    void open() throws Exception {
        fixture = new DockerFixture();
        registry = new TestRegistry(fixture.engine());
        runtime = fixture.open();
    }

    @AfterEach
    void close() throws Exception {
        if (registry == null) {
            return;
        }
        registry.stop();
        runtime.remove(PULLED, LIMIT);
        fixture.engine().docker("image", "prune", "-f");
        fixture.close();
    }

    /** An image that shares no layer with those that the engine has, so that there is something to be pulled. */
    private void make() throws Exception {
        var engine = fixture.engine();
        var script = "head -c 20000000 /dev/urandom >big && tar -c big | docker -H unix://" + engine.socket()
                + " import - only/here:1";
        TestEngine.run(List.of("sh", "-c", "cd " + fixture.folder() + " && " + script));
    }

    @Test
    void anImageIsPulledWithProgress() throws Exception {
        make();
        registry.take(fixture.engine(), "only/here:1", "team/pulled:2");
        fixture.engine().docker("rmi", "only/here:1");
        assertEquals(Optional.empty(), runtime.image(PULLED, LIMIT));
        var seen = Collections.synchronizedList(new ArrayList<PullProgress>());

        runtime.pull(PULLED, LIMIT, seen::add);

        assertEquals(PULLED, runtime.image(PULLED, LIMIT).orElseThrow().ref());
        assertTrue(seen.getLast().totalBytes() > 19_000_000, seen::toString);
        assertTrue(seen.getLast().currentBytes() <= seen.getLast().totalBytes(), seen::toString);
        assertTrue(runtime.images().stream().anyMatch(image -> image.ref().equals(PULLED)));
    }

    @Test
    void whatFailsWithinThePullIsRaised() throws Exception {
        make();
        registry.take(fixture.engine(), "only/here:1", "team/pulled:2");
        fixture.engine().docker("rmi", "only/here:1");
        registry.loseALayer();

        var error = assertThrows(KernelRuntimeException.class, () -> runtime.pull(PULLED, LIMIT, progress -> {}));

        assertTrue(error.getMessage().contains("team/pulled:2"), error.getMessage());
        assertTrue(error.getMessage().contains("cannot be pulled: "), error.getMessage());
        assertEquals(Optional.empty(), runtime.image(PULLED, LIMIT));
    }

    @Test
    void anImageThatTheRegistryLacksIsNamed() throws Exception {
        registry.take(fixture.engine(), "test/busybox:1", "team/other:1");

        var error = assertThrows(KernelRuntimeException.class, () -> runtime.pull(PULLED, LIMIT, progress -> {}));

        assertTrue(error.getMessage().contains("team/pulled"), error.getMessage());
    }

    @Test
    void looksIntoImagesThatAProcessDidNotLiveToRemoveAreRemoved() throws Exception {
        var engine = fixture.engine();
        var label = EngineImages.PROBE + "=" + fixture.settings().owner();
        engine.docker("create", "--label", label, "test/busybox:1");
        var line = new Engine(fixture.settings());
        try {
            var images = new EngineImages(line, fixture.settings());
            images.clearProbes(Duration.ofHours(1));
            assertEquals(1, probes(label), "a young one may be in use");

            // whole seconds are all that the engine tells
            images.clearProbes(Duration.ofSeconds(-2));
            assertEquals(0, probes(label));
        } finally {
            line.close();
        }
    }

    private long probes(String label) throws Exception {
        return fixture.engine()
                .docker("ps", "-aq", "--filter", "label=" + label)
                .lines()
                .count();
    }
}
