package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Drivers of a whole installation are swapped under load, and nobody notices; bad versions are gone again and the old one
 * serves. Runs if {@code -Dslipway.swaps=N} says how often each kind is swapped: whether a version is slow is judged by its
 * calls, so the machine must be idle. Figures are in {@code target/swaps.txt}.
 */
@EnabledIfSystemProperty(named = "slipway.swaps", matches = "\\d+", disabledReason = "needs an idle machine")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SwapIT {

    private static final int SWAPS = Integer.getInteger("slipway.swaps", 20);
    private static final List<String> KINDS =
            List.of("scheduling-policies", "noop", "process", "cpu", "mem", "config-embedded");
    private static final Path FIGURES = Path.of("target", "swaps.txt");

    @TempDir
    private static Path folder;

    private static Installation installation;
    private static PluginControl control;
    private static PluginJars jars;
    private static SwapLoad load;
    private static StreamWatch stream;

    @BeforeAll
    static void start() throws IOException {
        installation = Installation.start(Map.of(
                "io.slipway.accelerator.cpu.cfg", "declaredCores=64\n",
                "io.slipway.accelerator.mem.cfg", "declared=1t\n",
                "io.slipway.plugin.lifecycle.cfg", "probationMillis=1500\n"));
        control = new PluginControl(SignedHttp.admin(installation));
        jars = new PluginJars(folder, installation.home());
        var http = SignedHttp.user(installation);
        var api = new Api(http);
        load = SwapLoad.begin(api);
        stream = new StreamWatch(http, api.create("streaming"));
        Files.deleteIfExists(FIGURES);
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
    @Order(1)
    void goodVersionsCostNobodyACallAndLeaveNothingBehind() throws Exception {
        swapAll(2); // whatever is made once is made now
        var before = Vitals.of(installation.pid());
        var quiet = System.nanoTime();
        Thread.sleep(5_000); // the load without swaps, to compare with
        var begin = System.nanoTime();
        var printed = stream.last();
        swapAll(SWAPS);
        var end = System.nanoTime();
        // the version that was retired last may be on the stack of somebody who is just leaving
        var after = Await.until(
                Duration.ofSeconds(30),
                () -> Vitals.of(installation.pid()),
                vitals -> vitals.loaders() <= before.loaders());
        note("without swaps " + load.between(quiet, begin));
        note(KINDS.size() * SWAPS + " swaps       " + load.between(begin, end));
        note("before        " + before + "\nafter         " + after);

        assertNobodyNoticed();
        assertTrue(stream.last() > printed, "the stream stood still");
        assertTrue(after.threads() < before.threads() + 40, () -> before + " became " + after);
        assertTrue(after.files() < before.files() + 40, () -> before + " became " + after);
        assertTrue(after.heapBytes() < before.heapBytes() * 3 / 2, () -> before + " became " + after);
    }

    /** Swaps every kind back and forth, all kinds at the same time. */
    private static void swapAll(int times) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            KINDS.stream()
                    .map(id -> CompletableFuture.runAsync(() -> swap(id, times), threads))
                    .toList()
                    .forEach(CompletableFuture::join);
        }
    }

    private static void swap(String id, int times) {
        for (var i = 0; i < times; i++) {
            var version = "0.2." + i % 2;
            var isThere = Files.exists(installation.home().resolve("plugins/" + id + "/" + version + ".jar"));
            var outcome =
                    isThere ? control.select(id, version) : control.install(id, jars.version(shipped(id), version));
            assertTrue(outcome.isDone(), outcome::words);
        }
    }

    private static void assertNobodyNoticed() {
        assertEquals(List.of(), List.copyOf(load.faults()));
        assertEquals(List.of(), List.copyOf(stream.faults()));
    }

    static Stream<Arguments> badVersions() {
        return Stream.of(
                bad("Throwing", "no heart to begin"),
                bad("HangingInStart", "start has not ended"),
                bad("HangingInStop", "stop has not ended"),
                bad("Sceptical", "the engine has no fuel"),
                bad("Leaking", "leaked-by-a-plugin"),
                bad("Flaky", "a screw is loose"),
                bad("Slow", "the version before took"),
                bad(
                        "imports what nobody exports",
                        "org.nowhere",
                        () -> jars.version(noop(), "0.9.1", Map.of("Import-Package", "org.nowhere"))),
                bad(
                        "exports a package of ours",
                        "io.slipway.runtime.spi",
                        () -> jars.version(noop(), "0.9.2", Map.of("Export-Package", "io.slipway.runtime.spi"))),
                bad("foreign signature", "stranger", () -> jars.foreign(noop(), "0.9.3")),
                bad("broken signature", "", () -> jars.tampered(noop(), "0.9.4")),
                bad("zip bomb", "unpack", () -> jars.trust(jars.bomb(600L << 20))),
                bad("no jar", "", () -> jars.trust(jars.noJar())));
    }

    private static Arguments bad(String name, String words) {
        return bad(name, words, () -> jars.bad(noop(), "0.9.0." + name, name));
    }

    private static Arguments bad(String name, String words, Supplier<Path> jar) {
        return Arguments.argumentSet(name, words, jar);
    }

    @ParameterizedTest
    @MethodSource("badVersions")
    @Order(2)
    void aBadVersionIsGoneAndTheOldOneServes(String words, Supplier<Path> jar) throws IOException {
        var version = control.status("noop").path("version").asText();
        var began = System.nanoTime();
        var outcome = control.install("noop", jar.get());
        var end = System.nanoTime();
        note(String.format("%5d ms: %s", (end - began) / 1_000_000, outcome.words()));

        assertFalse(outcome.isDone(), outcome::words);
        assertTrue(outcome.words().contains(words), outcome::words);
        var status = control.status("noop");
        assertEquals(version, status.path("version").asText());
        assertEquals("ACTIVE", status.path("state").asText(), status::toString);
        assertNobodyNoticed();
    }

    private static Path noop() {
        return shipped("noop");
    }

    private static Path shipped(String id) {
        try (var files = Files.list(installation.home().resolve("plugins").resolve(id))) {
            return files.filter(file -> file.getFileName().toString().startsWith("0.1."))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void note(String line) throws IOException {
        Files.writeString(FIGURES, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
