package io.slipway.plugin.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.lifecycle.sample.GoodLedger;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A process that ends at any point of a change of two plug-ins leaves all of it or nothing. */
class KillTest {

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
        "promote.handed, 1.0.0",
        "promote.selected, 2.0.0",
        "promote.served, 2.0.0",
        "probation, 2.0.0",
        "drain, 2.0.0",
        "retire, 2.0.0",
        "rollback, 2.0.0",
        "rollback.handed, 2.0.0",
        "rollback.selected, 1.0.0",
        "rollback.served, 1.0.0"
    })
    void bootsIntoOneSet(String point, String expected) throws Exception {
        for (var id : KillMain.IDS) {
            SampleBundle.of("test." + id, "1.0.0")
                    .ledger(id, GoodLedger.class)
                    .write(home.resolve("plugins").resolve(id).resolve("1.0.0.jar"));
        }
        assertEquals(Failpoints.EXIT_CODE, runUntil(point), () -> output());

        var swaps = new SwapFixture(home);
        try {
            for (var id : KillMain.IDS) {
                assertEquals(expected, swaps.journaledVersion(id), id);
                assertEquals("good x", swaps.ledger(id).read("x"));
                var last = swaps.engine().history().stream()
                        .filter(line -> line.id().equals(new PluginId(id)))
                        .reduce((one, next) -> next)
                        .orElseThrow();
                assertTrue(isOver(last.step()), last::toString);
                assertEquals(expected, last.version());
            }
            assertEquals(List.of(expected, expected), swaps.activeVersions());
        } finally {
            swaps.close();
        }
    }

    /** The first check of a set is on disk before the second plug-in has a line: that one was only ever selected. */
    private static boolean isOver(String step) {
        return step.equals(Reconciler.RECOVERED) || step.equals(SelectionJournal.SELECT);
    }

    private int runUntil(String point) throws Exception {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-D" + Failpoints.PROPERTY + "=" + point,
                        "-cp",
                        System.getProperty("java.class.path"),
                        KillMain.class.getName(),
                        home.toString(),
                        Boolean.toString(point.startsWith("rollback")))
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
