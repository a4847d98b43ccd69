package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Docker driver is swapped like every other kind in {@link SwapIT}, while containers run, come and go.
 * {@code -Dslipway.swaps=N} says how often, 20 times in CI. Figures are in {@code target/swaps-docker.txt}.
 */
@Tag("alone")
class DockerSwapIT {

    private static final String DOCKER = "docker";
    private static final int SWAPS = Integer.getInteger("slipway.swaps", 20);

    @TempDir
    private static Path folder;

    private static DockerHome home;
    private static SwapLoad load;
    private static StreamWatch stream;
    private static String streaming;

    @BeforeAll
    static void start() {
        DockerHome.assumeEngine();
        home = DockerHome.start(Map.of(
                "io.slipway.accelerator.cpu.cfg", "declaredCores=64\n",
                "io.slipway.accelerator.mem.cfg", "declared=1t\n",
                "io.slipway.plugin.lifecycle.cfg", SwapIT.PATIENT));
        var http = SignedHttp.user(home.installation());
        load = SwapLoad.begin(home.api(), "test/python:1", List.of(new SwapLoad.Lives("test/busybox:1", 2, 500)));
        streaming = home.api().create("streaming", "test/python:1");
        stream = new StreamWatch(http, streaming);
    }

    @AfterAll
    static void stop() throws Exception {
        for (var part : new AutoCloseable[] {stream, load, home}) {
            if (part != null) {
                part.close();
            }
        }
    }

    @Test
    void goodVersionsCostNobodyACallAndLeaveNothingBehind() throws Exception {
        var pid = home.installation().pid();
        var shipped = Swaps.shipped(home.installation());
        var swaps = new Swaps(home.installation(), folder, Map.of(DOCKER, shipped.get(DOCKER)));
        swaps.all(2); // whatever is made once is made now
        var before = load.whenQuiet(() -> Vitals.of(pid));
        var lives = load.lives();
        var quiet = System.nanoTime();
        Thread.sleep(2_000); // the load without swaps, to compare with
        var printed = stream.last();
        var container = life(streaming);
        var begin = System.nanoTime();
        swaps.all(SWAPS);
        var report = new StringBuilder("without swaps " + load.between(quiet, begin) + "\n");
        report.append(SWAPS + " swaps " + load.between(begin, System.nanoTime()) + "\n");
        var after = Vitals.settled(pid, load, before);
        report.append("before        " + before + "\nafter         " + after + "\nsessions      "
                + (load.lives() - lives) + "\nbytes more of\n" + after.grownSince(before));
        Files.writeString(Path.of("target", "swaps-docker.txt"), report);
        assertEquals(List.of(), RetiredLoaders.kept(pid, folder));
        assertTrue(after.isFlat(before), () -> before + " became " + after);
        assertEquals(List.of(), List.copyOf(load.faults()));
        assertEquals(List.of(), List.copyOf(stream.faults()));
        Await.until(Duration.ofSeconds(60), stream::last, last -> last > printed);
        assertEquals(container, life(streaming), "the container is another one, or was started again");
        endsWhatAnotherVersionStarted();
    }

    /** The version that serves now has found the container by its label. */
    private static void endsWhatAnotherVersionStarted() {
        stream.close();
        stream = null; // it is closed once
        home.end(streaming);
        Await.until(
                DockerHome.LIMIT,
                () -> home.engine().docker("ps", "-aq", "--filter", "name=slipway-" + streaming),
                String::isEmpty);
    }

    /** Returns which container a session has, and since when it runs. */
    private static String life(String session) {
        var container = home.inspect(session);
        return container.path("Id").asText() + container.path("State").path("StartedAt");
    }
}
