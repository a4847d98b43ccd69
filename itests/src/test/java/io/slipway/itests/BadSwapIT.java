package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bad versions of a driver come into a whole installation under load: the old one serves on, the reason is in words, the
 * calls are counted and nothing else is restarted. Probation is so long that only a verdict ends it, so that nothing depends
 * on how fast calls come.
 */
@Tag("alone")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BadSwapIT {

    /** From the moment at which a fault shows, by the server's clock, until the version is gone. */
    private static final Duration GONE = Duration.ofSeconds(5);

    /** What the settings below give a start or a stop, for the sake of busy machines, in place of 3.5 s and 3 s. */
    private static final Duration HANG = Duration.ofSeconds(8);

    private static final String STRICT = """
            probationMillis=600000
            startMillis=8000
            stopMillis=8000
            latencyFloorMillis=150
            hangMillis=120000
            perSpi=KernelRuntime.hangMillis=120000, ConfigStore.hangMillis=1000, LeaseStore.hangMillis=1000,\
              EventBus.hangMillis=1000, SequencingPolicy.hangMillis=1000, AcceleratorProvider.hangMillis=1000
            """;

    /** Of each other kind, one that takes the place of the shipped one and whose calls fail or hang. */
    private static final Map<String, BadComponent> OTHERS = Map.of(
            "config-embedded",
            other("DisturbedStore", "embedded", "io.slipway.config.spi.ConfigStore", "EmbeddedConfigStore", ""),
            "event-embedded",
            other("DisturbedBus", "embedded", "io.slipway.event.spi.EventBus", "EmbeddedEventBus", ""),
            "scheduling-policies",
            other("DisturbedOrder", "fifo", "io.slipway.scheduling.spi.SequencingPolicy", "FifoSequencing", ""),
            "cpu",
            other(
                    "DisturbedCpus",
                    "cpu",
                    "io.slipway.accelerator.spi.AcceleratorProvider",
                    "CpuAcceleratorProvider",
                    "configuration-pid=\"io.slipway.accelerator.cpu\""));

    private static BadComponent other(String type, String id, String spi, String instead, String attributes) {
        return new BadComponent(List.of(type, "Fault"), id, spi, instead, attributes, List.of());
    }

    @TempDir
    private static Path folder;

    private static Installation installation;
    private static PluginControl control;
    private static PluginJars jars;
    private static SwapLoad load;
    private static StreamWatch stream;
    private static Map<String, Path> shipped;
    private static List<String> components;
    private static long pid;

    @BeforeAll
    static void start() throws IOException {
        installation = Installation.start(Map.of(
                "io.slipway.accelerator.cpu.cfg", "declaredCores=64\n",
                "io.slipway.accelerator.mem.cfg", "declared=1t\n",
                "io.slipway.plugin.lifecycle.cfg", STRICT));
        control = new PluginControl(SignedHttp.admin(installation));
        jars = new PluginJars(folder, installation.home());
        shipped = Swaps.shipped(installation);
        var http = SignedHttp.user(installation);
        var api = new Api(http);
        load = SwapLoad.begin(api);
        stream = new StreamWatch(http, api.create("streaming"));
        components = components();
        pid = installation.pid();
    }

    @AfterAll
    static void stop() throws Exception {
        for (var part : new AutoCloseable[] {stream, load, installation}) {
            if (part != null) {
                part.close();
            }
        }
    }

    @AfterEach
    void nobodyNoticed() {
        assertEquals(List.of(), List.copyOf(load.faults()));
        assertEquals(List.of(), List.copyOf(stream.faults()));
    }

    static Stream<Arguments> refusedVersions() {
        return Stream.of(
                bad("Throwing", "no heart to begin"),
                bad("Sceptical", "the engine has no fuel"),
                bad(
                        "imports what nobody exports",
                        "org.nowhere",
                        () -> jars.version(noop(), "0.9.1", Map.of("Import-Package", "org.nowhere"))),
                bad(
                        "exports a package of ours",
                        "it exports the package io.slipway.runtime.spi",
                        () -> jars.version(noop(), "0.9.2", Map.of("Export-Package", "io.slipway.runtime.spi"))),
                bad("foreign signature", "stranger", () -> jars.foreign(noop(), "0.9.3")),
                bad("broken signature", "it was changed after it was signed", () -> jars.tampered(noop(), "0.9.4")),
                bad(
                        "revoked while the server runs",
                        "the site has revoked this file",
                        () -> jars.revoke(jars.version(noop(), "0.9.5"))),
                bad("zip bomb", "unpack", () -> jars.trust(jars.bomb(300L << 20))),
                bad("no jar", "jar", () -> jars.trust(jars.noJar())));
    }

    private static Arguments bad(String name, String words) {
        return bad(name, words, () -> disturbed(name));
    }

    private static Arguments bad(String name, String words, Supplier<Path> jar) {
        return Arguments.argumentSet(name, words, jar);
    }

    private static Path disturbed(String name) {
        return jars.bad(noop(), "0.9.0." + name, BadComponent.noop(name));
    }

    @ParameterizedTest
    @MethodSource("refusedVersions")
    @Order(1)
    void refuses(String words, Supplier<Path> jar) throws IOException {
        var file = jar.get();
        var began = SwapJournal.end(installation);
        var outcome = install(file);
        assertTrue(outcome.words().contains(words), outcome::words);
        SwapJournal.of(installation, "noop", began)
                .last()
                .ifPresent(took -> assertTrue(took.compareTo(GONE) < 0, took::toString));
    }

    @ParameterizedTest
    @MethodSource
    @Order(2)
    void refusesWithinItsLimit(String name, String words, Duration showsAfter) throws IOException {
        var began = SwapJournal.end(installation);
        var outcome = install(disturbed(name));
        assertTrue(outcome.words().contains(words), outcome::words);
        var took = SwapJournal.of(installation, "noop", began).last().orElseThrow();
        assertTrue(took.compareTo(showsAfter.plus(GONE)) < 0, took::toString);
    }

    /** A hang shows when its limit is over. */
    static Stream<Arguments> refusesWithinItsLimit() {
        var hang = HANG;
        return Stream.of(
                Arguments.of("HangingInStart", "its start has not ended within", hang),
                Arguments.of("HangingInStop", "it cannot be stopped: its stop has not ended within 8 s", hang),
                Arguments.of(
                        "Leaking",
                        "it leaves threads behind when it stops: [leaked-by-a-plugin, leaked-virtually]",
                        hang));
    }

    @ParameterizedTest
    @MethodSource
    @Order(3)
    void takesBack(String name, String words) throws IOException {
        var lives = load.lives();
        // so that there is something to compare with
        Await.until(Duration.ofMinutes(3), load::lives, now -> now > lives + 50);
        var began = SwapJournal.end(installation);
        var outcome = install(disturbed(name));
        assertTrue(outcome.words().contains(words), outcome::words);
        assertTrue(outcome.words().contains("; it cost 0 calls"), outcome::words);
        var journal = SwapJournal.of(installation, "noop", began);
        var serves = journal.untilServesAgain();
        assertTrue(serves.compareTo(GONE) < 0, serves::toString);
        var gone = journal.between("rollback", "done");
        assertTrue(gone.compareTo(GONE) < 0, gone::toString);
        assertEquals(
                List.of(
                        "check",
                        "install",
                        "start",
                        "self_test",
                        "promote",
                        "select",
                        "probation",
                        "rollback",
                        "select",
                        "done"),
                journal.steps());
    }

    static Stream<Arguments> takesBack() {
        return Stream.of(
                Arguments.of(
                        "Flaky",
                        "served by the version before, last: java.lang.IllegalStateException: a screw is loose"),
                Arguments.of("Slow", "the version before took"));
    }

    static Stream<Arguments> takesBackEachKind() {
        return new TreeMap<>(OTHERS)
                .keySet().stream()
                        .flatMap(id -> Stream.of(
                                Arguments.of(id, "fails", "a screw is loose"),
                                Arguments.of(id, "hangs", " has not returned after ")));
    }

    @ParameterizedTest
    @MethodSource
    @Order(4)
    void takesBackEachKind(String id, String fault, String words) throws IOException {
        var bad = Objects.requireNonNull(OTHERS.get(id)).with(Map.of("fault", fault));
        var jar = jars.bad(Objects.requireNonNull(shipped.get(id)), "0.9.0." + fault, bad);
        var lives = load.lives();
        var began = SwapJournal.end(installation);
        var outcome = install(id, jar);
        assertTrue(outcome.words().contains(words), outcome::words);
        assertTrue(outcome.words().contains("; it cost 0 calls"), outcome::words);
        var serves = SwapJournal.of(installation, id, began).untilServesAgain();
        assertTrue(serves.compareTo(GONE) < 0, serves::toString);
        Await.until(Duration.ofMinutes(2), load::lives, now -> now > lives + 20);
    }

    @Test
    @Order(5)
    void swapsOneAtATimeOfSeveralThatAreOrderedAtOnce() throws Exception {
        var began = SwapJournal.end(installation);
        var files = Stream.of("0.2.0", "0.2.1", "0.2.2")
                .map(version -> jars.version(shipped.get("mem"), version))
                .toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var orders = files.stream()
                    .map(file -> CompletableFuture.supplyAsync(() -> control.install("mem", file), threads))
                    .toList();
            Await.until(
                    Duration.ofMinutes(2),
                    () -> orders.stream()
                            .filter(CompletableFuture::isDone)
                            .map(order -> order.join().words())
                            .toList(),
                    ended -> ended.size() == files.size() - 1
                            && ended.stream().allMatch(words -> words.contains("another swap of mem is running")));
            Await.until(
                    Duration.ofMinutes(2),
                    () -> control.status("mem").path("state").asText(),
                    "PROBATION"::equals);
            control.rollback("mem");
            var words = orders.stream()
                    .map(order -> order.join().words())
                    .filter(each -> each.contains("an operator has ended the probation"))
                    .toList();
            assertEquals(1, words.size(), words::toString);
        }
        var journal = SwapJournal.of(installation, "mem", began);
        assertEquals(2, journal.versions().size(), () -> "one that came and the one that was there: " + journal);
        assertEquals("ACTIVE", control.status("mem").path("state").asText());
    }

    @Test
    @Order(6)
    void nothingWasRestarted() {
        assertEquals(pid, installation.pid());
        assertTrue(components.size() > 20, components::toString);
        assertEquals(components, components());
    }

    /** As it does, SwapIT would see such a version. */
    @Test
    @Order(7)
    void theThreadsThatWereLeftBehindKeepTheirVersion() {
        var kept = RetiredLoaders.kept(pid, folder);
        assertTrue(kept.stream().anyMatch(way -> way.contains("bad.Leaking")), kept::toString);
    }

    /** Every component that runs, with the number that it got when it was started; not those of the driver itself. */
    private static List<String> components() {
        // the command alone only prints at a terminal
        var lines =
                installation.shell("scr:list | head -n 1000").succeeded().out().replaceAll("\\R +Id: ", " Id: ");
        return lines.lines()
                .filter(line -> line.contains("io.slipway") && !line.contains("io.slipway.runtime.noop"))
                .map(line -> line.replaceAll(", State:.*", ""))
                .sorted()
                .toList();
    }

    /** Installs a version of the noop runtime that must not stay. */
    private static PluginControl.Outcome install(Path jar) {
        return install("noop", jar);
    }

    /** Installs a version that must not stay. */
    private static PluginControl.Outcome install(String id, Path jar) {
        var version = control.status(id).path("version").asText();
        var outcome = control.install(id, jar);
        assertFalse(outcome.isDone(), outcome::words);
        var status = control.status(id);
        assertEquals(version, status.path("version").asText());
        assertEquals("ACTIVE", status.path("state").asText(), status::toString);
        return outcome;
    }

    private static Path noop() {
        return shipped.get("noop");
    }
}
