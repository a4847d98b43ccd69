package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.accelerator.mock.MockAcceleratorProvider;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kind of driver of a whole installation is swapped under load, back and forth between good versions, and nobody
 * notices. {@code -Dslipway.swaps=N} says how often each kind is swapped: 20 times in CI; 150 for the long form, which is
 * 100 of each kind and more than 1,000 in all. Figures are in {@code target/swaps.txt}.
 *
 * <p>No version is judged by how long it takes, so that a busy machine makes this slower and never fail;
 * {@link BadSwapIT} shows that bad ones go.
 */
@Tag("alone")
class SwapIT {

    private static final int SWAPS = Integer.getInteger("slipway.swaps", 20);

    /** Has nothing to do without an engine. */
    private static final String DOCKER = "docker";

    private static final String MOCK = "mock";

    /** Caches that would give way when memory is short do so at once: what is left then is held by somebody. */
    private static final Map<String, String> NO_CACHES = Map.of("SLIPWAY_JAVA_OPTS", "-XX:SoftRefLRUPolicyMSPerMB=0");

    /** Of threads and files: what a load of many clients has more or less of from moment to moment. */
    private static final int SWING = 24;

    /** Of the heap, for the same reason. */
    private static final long HEAP_SWING = 6 << 20;

    /** What is remembered of a session that came and went: the agent knows the last 2,000, H2 each of its writes. */
    private static final long OF_SESSION = 8 << 10;

    private static final long OF_SWAP = 1 << 10;

    /** Nothing but a failed call speaks against a version. */
    static final String PATIENT = """
            probationMillis=300
            startMillis=60000
            stopMillis=60000
            latencyFactor=1000
            latencyFloorMillis=600000
            hangMillis=600000
            perSpi=KernelRuntime.hangMillis=600000
            """;

    @TempDir
    private static Path folder;

    private static Installation installation;
    private static SwapLoad load;
    private static StreamWatch stream;
    private static Swaps swaps;

    @BeforeAll
    static void start() throws Exception {
        installation = Installation.start(
                Map.of(
                        "io.slipway.accelerator.cpu.cfg", "declaredCores=64\n",
                        "io.slipway.accelerator.mem.cfg", "declared=1t\n",
                        "io.slipway.plugin.lifecycle.cfg", PATIENT),
                NO_CACHES);
        var shipped = new TreeMap<>(Swaps.shipped(installation));
        assertTrue(shipped.size() >= 7, shipped::toString);
        shipped.remove(DOCKER);
        shipped.put(MOCK, mock());
        swaps = new Swaps(installation, folder, shipped);
        swaps.install(MOCK, "0.1.9");
        var http = SignedHttp.user(installation);
        var api = new Api(http);
        load = SwapLoad.begin(api);
        stream = new StreamWatch(http, api.create("streaming"));
    }

    /** Its jar is shipped by no distribution. */
    private static Path mock() throws IOException, URISyntaxException {
        var place = Path.of(MockAcceleratorProvider.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        if (Files.isRegularFile(place)) {
            return place;
        }
        try (var files = Files.newDirectoryStream(place.getParent(), "io.slipway.accelerator.mock-*T.jar")) {
            return files.iterator().next();
        }
    }

    @AfterAll
    static void stop() throws Exception {
        for (var part : new AutoCloseable[] {stream, load, installation}) {
            if (part != null) {
                part.close();
            }
        }
    }

    @Test
    void goodVersionsCostNobodyACallAndLeaveNothingBehind() throws Exception {
        swaps.all(2); // whatever is made once is made now
        var before = Vitals.of(installation.pid());
        var lives = load.lives();
        var quiet = System.nanoTime();
        Thread.sleep(5_000); // the load without swaps, to compare with
        var begin = System.nanoTime();
        var printed = stream.last();
        swaps.all(SWAPS);
        var end = System.nanoTime();
        // the version that was retired last may be on the stack of somebody who is just leaving
        var after = Await.until(
                Duration.ofSeconds(60),
                () -> Vitals.of(installation.pid()),
                vitals -> vitals.loaders() <= before.loaders() && vitals.bundles() <= before.bundles());
        var sessions = load.lives() - lives;
        Files.writeString(
                Path.of("target", "swaps.txt"),
                "without swaps " + load.between(quiet, begin) + "\n" + swaps.count(SWAPS) + " swaps of "
                        + swaps.kinds() + " " + load.between(begin, end) + "\nbefore        " + before
                        + "\nafter         " + after + "\nsessions      " + sessions + "\n");

        assertEquals(List.of(), List.copyOf(load.faults()));
        assertEquals(List.of(), List.copyOf(stream.faults()));
        Await.until(Duration.ofSeconds(60), stream::last, last -> last > printed);
        assertTrue(after.threads() < before.threads() + SWING, () -> before + " became " + after);
        assertTrue(after.files() < before.files() + SWING, () -> before + " became " + after);
        var allowed = HEAP_SWING + sessions * OF_SESSION + swaps.count(SWAPS) * OF_SWAP;
        var grown = after.heapBytes() - before.heapBytes();
        assertTrue(grown < allowed, () -> before + " became " + after + ", by " + sessions + " sessions");
    }
}
