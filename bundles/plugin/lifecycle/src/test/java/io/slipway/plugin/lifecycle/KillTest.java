package io.slipway.plugin.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginStatus.State;
import io.slipway.plugin.api.SwapOutcome;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that ends at any point of a change of three plug-ins leaves all of it or nothing, settings and state too. */
class KillTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final SwapLimits LONG_PROBATION =
            new SwapLimits(LIMIT, LIMIT, LIMIT, LIMIT, spi -> ProbationLimits.USUAL.withWindow(Duration.ofMinutes(5)));

    @TempDir
    private Path home;

    @ParameterizedTest
    @CsvSource({
        "check, 1.0.0",
        "install, 1.0.0",
        "start, 1.0.0",
        "self_test, 1.0.0",
        "promote, 1.0.0",
        "promote.kept, 1.0.0",
        "refuse, 1.0.0",
        "promote.handed, 1.0.0",
        "promote.selected, 2.0.0",
        "promote.served, 2.0.0",
        "probation, 2.0.0",
        "passed, 2.0.0",
        "drain, 2.0.0",
        "retire, 2.0.0",
        "done, 2.0.0",
        "rollback.begun, 1.0.0",
        "rollback, 1.0.0",
        "rollback.handed, 1.0.0",
        "rollback.selected, 1.0.0",
        "rollback.served, 1.0.0"
    })
    void bootsIntoOneSet(String point, String expected) throws Exception {
        killAt(point);
        var swaps = new SwapFixture(home);
        try {
            for (var taken : swaps.takenUp()) {
                assertEquals(
                        KillMain.IDS.size(), taken.get(60, TimeUnit.SECONDS).size());
            }
            for (var id : KillMain.IDS) {
                assertEquals(expected, swaps.journaledVersion(id), id);
                assertServes(swaps, id, expected);
                var last = swaps.engine().history().stream()
                        .filter(line -> line.id().equals(new PluginId(id)))
                        .reduce((one, next) -> next)
                        .orElseThrow();
                assertTrue(isOver(last.step()), last::toString);
                assertEquals(last.step().equals("refuse") ? "2.0.0" : expected, last.version());
            }
            assertEquals(List.of(expected, expected, expected), swaps.activeVersions());
        } finally {
            swaps.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"promote.selected", "promote.served", "probation"})
    void takesUpTheProbationOfTheWholeSetAfterwards(String point) throws Exception {
        killAt(point);
        for (var boot = 0; boot < 2; boot++) { // the probation that was taken up is broken off once more
            var swaps = new SwapFixture(home, LONG_PROBATION);
            try {
                assertEquals(1, swaps.takenUp().size());
                awaitProbation(swaps);
            } finally {
                swaps.close();
            }
        }
        var swaps = new SwapFixture(home, LONG_PROBATION);
        try {
            awaitProbation(swaps);
            var back = swaps.engine().rollback(new PluginId("red"), any -> {});
            assertInstanceOf(SwapOutcome.RolledBack.class, back.get(60, TimeUnit.SECONDS));
            swaps.takenUp().getFirst().get(60, TimeUnit.SECONDS);
            assertEquals(List.of("1.0.0", "1.0.0", "1.0.0"), swaps.activeVersions());
            for (var id : KillMain.IDS) {
                assertEquals("1.0.0", swaps.journaledVersion(id), id);
                assertServes(swaps, id, "1.0.0");
            }
            swaps.restart();
            assertEquals(List.of(), swaps.takenUp());
        } finally {
            swaps.close();
        }
    }

    /** Settings go with their version, and no line that was written is lost. */
    private static void assertServes(SwapFixture swaps, String id, String version) {
        var expected = switch (id) {
            case "red" -> version.equals("2.0.0") ? "pitch 440" : "pitch null";
            case "owned" -> "1 lines";
            default -> "good x";
        };
        assertEquals(expected, swaps.ledger(id).read("x"), id);
    }

    @BeforeEach
    void nameTheFile() {
        System.setProperty("test.ledger", home.resolve("ledger.lock").toString());
    }

    @AfterEach
    void forgetTheFile() {
        System.clearProperty("test.ledger");
    }

    /** Waits until all new versions are on probation and all old ones stand by. */
    private static void awaitProbation(SwapFixture swaps) throws InterruptedException {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!swaps.plugins().statuses().stream()
                .allMatch(status -> status.state() == State.PROBATION
                        && status.version().equals("2.0.0")
                        && status.others().stream().anyMatch(other -> other.state() == State.STANDBY))) {
            assertTrue(
                    System.nanoTime() - end < 0,
                    () -> swaps.plugins().statuses().toString());
            Thread.sleep(20);
        }
    }

    private void killAt(String point) throws Exception {
        for (var id : KillMain.IDS) {
            SampleBundle.of("test." + id, "1.0.0")
                    .ledger(id, KillMain.type(id))
                    .write(home.resolve("plugins").resolve(id).resolve("1.0.0.jar"));
        }
        assertEquals(Failpoints.EXIT_CODE, runUntil(point), () -> output());
    }

    /** The first check of a set is on disk before the second plug-in has a line: that one was only ever selected. */
    private static boolean isOver(String step) {
        return step.equals("refuse")
                || step.equals(Reconciler.RECOVERED)
                || step.equals("done")
                || step.equals(SelectionJournal.SELECT);
    }

    private int runUntil(String point) throws Exception {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-D" + Failpoints.PROPERTY + "=" + point,
                        "-Dtest.ledger=" + home.resolve("ledger.lock"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KillMain.class.getName(),
                        home.toString(),
                        Boolean.toString(point.startsWith("rollback")),
                        Boolean.toString(point.equals("refuse")))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(home.resolve("output").toFile()))
                .start();
        try {
            assertTrue(process.waitFor(120, TimeUnit.SECONDS), () -> output());
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private String output() {
        try {
            return Files.readString(home.resolve("output"));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
