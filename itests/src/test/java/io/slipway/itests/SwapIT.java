package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.accelerator.mock.MockAcceleratorProvider;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kind of driver of a whole installation is swapped under load, back and forth between good versions, and nobody
 * notices: not those who call, nor a session that holds a device, a watch of the configuration, or who waits in the queue.
 * {@code -Dslipway.swaps=N} says how often each kind is swapped: 20 times in CI; 150 for the long form, which is
 * 1,200 in all. Docker's are in {@link DockerSwapIT}. Figures are in {@code target/swaps.txt}.
 *
 * <p>No version is judged by how long it takes, so that a busy machine makes this slower and never fail;
 * {@link BadSwapIT} shows that bad ones go.
 */
@Tag("alone")
class SwapIT {

    private static final int SWAPS = Integer.getInteger("slipway.swaps", 20);

    /** In each of so many parts of the swaps the load must have gone on. */
    private static final int WINDOWS = 4;

    /** Has nothing to do without an engine. */
    private static final String DOCKER = "docker";

    private static final String MOCK = "mock";
    private static final String NOOP = "noop";

    /** What the sessions that stay hold: three of the load and one with a device. */
    private static final Map<String, Long> HELD = Map.of("cpu", 4L, "mem", 4L * (256 << 20), "mock.device", 1L);

    /** Caches that would give way when memory is short do so at once: what is left then is held by somebody. */
    private static final Map<String, String> NO_CACHES = Map.of("SLIPWAY_JAVA_OPTS", "-XX:SoftRefLRUPolicyMSPerMB=0");

    /** What the heap has more or less of from moment to moment. */
    private static final long HEAP_SWING = 6 << 20;

    /** What is remembered of a session that came and went: the agent knows the last 2,000, H2 each of its writes. */
    private static final long OF_SESSION = 8 << 10;

    private static final long OF_SWAP = 1 << 10;

    private static final Duration LIMIT = Duration.ofSeconds(60);

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
    private static Api api;
    private static Api admin;
    private static SwapLoad load;
    private static StreamWatch stream;
    private static ConfigWatch watch;
    private static Swaps swaps;
    private static String holder;
    private static String heldDevice;
    private static List<String> queue;

    @BeforeAll
    static void start() throws Exception {
        installation = Installation.start(
                Map.of(
                        "io.slipway.accelerator.cpu.cfg", "declaredCores=64\n",
                        "io.slipway.accelerator.mem.cfg", "declared=1t\n",
                        "io.slipway.manager.scheduler.cfg", "patienceSeconds=100000\n", // who waits shall wait
                        "io.slipway.plugin.lifecycle.cfg", PATIENT),
                NO_CACHES);
        var shipped = new TreeMap<>(Swaps.shipped(installation));
        assertTrue(shipped.size() >= 7, shipped::toString);
        shipped.remove(DOCKER);
        shipped.put(MOCK, mock());
        swaps = new Swaps(installation, folder, shipped);
        swaps.install(MOCK, "0.1.9");
        var http = SignedHttp.user(installation);
        api = new Api(http);
        admin = new Api(SignedHttp.admin(installation));
        load = SwapLoad.begin(api);
        stream = new StreamWatch(http, api.create("streaming"));
        watch = watch(shipped.get(NOOP));
        hold();
    }

    private static ConfigWatch watch(Path model) throws IOException {
        var heard = folder.resolve("heard.txt");
        var jars = new PluginJars(folder, installation.home());
        var outcome = new PluginControl(SignedHttp.admin(installation))
                .install("echo", ConfigWatch.plugin(jars, model, heard));
        assertTrue(outcome.isDone(), outcome::words);
        return new ConfigWatch(SignedHttp.admin(installation), heard);
    }

    /** One session has one of the two devices; three others want both, and wait. */
    private static void hold() {
        Await.until(
                LIMIT,
                () -> admin.send("GET", "/config/resource-slots", null).body(),
                slots -> slots.contains("mock.device"));
        holder = api.created(withDevices("holder", "python", "1", false));
        heldDevice = device(holder);
        queue = IntStream.range(0, 3)
                .mapToObj(i -> api.send("POST", "/session", withDevices("waiting-" + i, "noop/noop:latest", "2", true)))
                .map(answer -> Api.json(answer.body()).path("sessionId").asText())
                .toList();
    }

    private static String withDevices(String name, String image, String count, boolean isEnqueueOnly) {
        return Api.creation(name, image, isEnqueueOnly, Map.of("cpu", "1", "mem", "256m", "mock.device", count));
    }

    private static String device(String session) {
        return api.run(session, "import os; print(os.environ['MOCK_DEVICES'])")
                .stdout()
                .strip();
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
        for (var part : new AutoCloseable[] {watch, stream, load, installation}) {
            if (part != null) {
                part.close();
            }
        }
    }

    @Test
    void goodVersionsCostNobodyACallAndLeaveNothingBehind() throws Exception {
        swaps.all(2); // whatever is made once is made now
        occupiesWhatIsHeld();
        var before = load.whenQuiet(() -> Vitals.of(installation.pid()));
        var lives = load.lives();
        var quiet = System.nanoTime();
        Thread.sleep(2_000); // the load without swaps, to compare with
        var report = new StringBuilder(
                "without swaps " + load.between(quiet, System.nanoTime()) + "\n" + swaps.kinds() + "\n");
        for (var window = 0; window < WINDOWS; window++) {
            swapUnderLoad(SWAPS * (window + 1) / WINDOWS - SWAPS * window / WINDOWS, report);
        }
        var after = Vitals.settled(installation.pid(), load, before);
        var sessions = load.lives() - lives;
        report.append("before        " + before + "\nafter         " + after + "\nsessions      " + sessions
                + "\nbytes more of\n" + after.grownSince(before));
        Files.writeString(Path.of("target", "swaps.txt"), report);

        assertEquals(List.of(), List.copyOf(load.faults()));
        assertEquals(List.of(), List.copyOf(stream.faults()));
        assertEquals(List.of(), RetiredLoaders.kept(installation.pid(), folder));
        assertTrue(after.isFlat(before), () -> before + " became " + after);
        var allowed = HEAP_SWING + sessions * OF_SESSION + swaps.count(SWAPS) * OF_SWAP;
        var grown = after.heapBytes() - before.heapBytes();
        assertTrue(grown < allowed, () -> before + " became " + after + ", by " + sessions + " sessions");
        keepsWhatIsHeld();
        losesNoneThatWaits();
    }

    /** Everybody goes on meanwhile. */
    private static void swapUnderLoad(int times, StringBuilder report) {
        var printed = stream.last();
        var heard = watch.last();
        var begin = System.nanoTime();
        swaps.all(times);
        var figures = load.between(begin, System.nanoTime());
        report.append(swaps.count(times) + " swaps " + figures + "\n");
        assertTrue(times < 3 || figures.isWhole(), () -> "the load stood still: " + figures);
        Await.until(LIMIT, stream::last, last -> last > printed);
        Await.until(LIMIT, watch::last, last -> last > heard);
        assertEquals(List.of(), watch.faults());
    }

    /** What an accelerator had given before its swaps is given still, and nothing else is. */
    private static void keepsWhatIsHeld() {
        watch.close();
        Await.until(LIMIT, watch::last, last -> last == watch.put());
        assertEquals(List.of(), watch.faults());
        occupiesWhatIsHeld();
        var other = api.created(withDevices("newcomer", "python", "1", false));
        assertNotEquals(heldDevice, device(other));
        assertEquals(heldDevice, device(holder));
        api.destroy(other);
    }

    private static void occupiesWhatIsHeld() {
        load.whenQuiet(() -> Await.until(LIMIT, SwapIT::occupied, HELD::equals));
    }

    private static Map<String, Long> occupied() {
        var agents = admin.graphQl("{ agent_list(limit: 10, offset: 0) { items { occupied_slots } } }")
                .path("agent_list")
                .path("items");
        var found = new TreeMap<String, Long>();
        Api.json(agents.path(0).path("occupied_slots").asText())
                .properties()
                .forEach(slot ->
                        found.put(slot.getKey(), new BigDecimal(slot.getValue().asText()).longValueExact()));
        found.values().removeIf(amount -> amount == 0);
        return found;
    }

    /** Each gets its turn, in the order in which they came. */
    private static void losesNoneThatWaits() {
        assertEquals(List.of("PENDING", "PENDING", "PENDING"), statuses());
        var before = holder;
        for (var next : queue) {
            api.destroy(before);
            Await.until(LIMIT, () -> api.status(next), "RUNNING"::equals);
            var later = statuses().subList(queue.indexOf(next) + 1, queue.size());
            assertTrue(later.stream().allMatch("PENDING"::equals), later::toString);
            before = next;
        }
    }

    private static List<String> statuses() {
        return queue.stream().map(api::status).toList();
    }
}
