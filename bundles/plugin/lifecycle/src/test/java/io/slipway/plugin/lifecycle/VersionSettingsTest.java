package io.slipway.plugin.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.plugin.api.PluginArtifact;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginTransaction;
import io.slipway.plugin.api.SwapOutcome;
import io.slipway.plugin.api.SwapOutcome.Refused;
import io.slipway.plugin.api.SwapOutcome.RolledBack;
import io.slipway.plugin.api.SwapOutcome.Swapped;
import io.slipway.plugin.lifecycle.sample.BrokenReads;
import io.slipway.plugin.lifecycle.sample.GoodLedger;
import io.slipway.plugin.lifecycle.sample.LockedOut;
import io.slipway.plugin.lifecycle.sample.Tuned;
import io.slipway.plugin.lifecycle.spi.Ledger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;

/** Settings that belong to a version, and settings that change. */
@Timeout(120)
class VersionSettingsTest {

    private static final PluginId TUNED = new PluginId("tuned");
    private static final String PID = "sample.Ledger";
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(50);

    @TempDir
    private Path home;

    private SwapFixture swaps;

    @BeforeEach
    void startWithVersionOne() throws Exception {
        tuned("1.0.0").write(home.resolve("plugins/tuned/1.0.0.jar"));
        SampleBundle.of("test.red", "1.0.0")
                .ledger("red", GoodLedger.class)
                .write(home.resolve("plugins/red/1.0.0.jar"));
        swaps = new SwapFixture(home);
        watch(SHORT);
    }

    @AfterEach
    void stop() throws Exception {
        swaps.close();
    }

    private void watch(Duration window) {
        var limit = Duration.ofSeconds(20);
        swaps.limits(new SwapLimits(limit, limit, limit, limit, spi -> ProbationLimits.USUAL.withWindow(window)));
    }

    @Test
    void leavesNothingOfARefusedChange() throws Exception {
        swapWith("2.0.0", "440");
        select("1.0.0");
        apply("880", artifact("2.0.0"), locked()).forEach(outcome -> assertInstanceOf(Refused.class, outcome));
        select("2.0.0");
        assertEquals("pitch 440", read());

        apply("880", artifact("3.0.0"), locked()).forEach(outcome -> assertInstanceOf(Refused.class, outcome));
        assertInstanceOf(
                Swapped.class, swaps.engine().swap(artifact("3.0.0"), any -> {}).get(60, TimeUnit.SECONDS));
        assertEquals("pitch null", read());
    }

    @Test
    void leavesNothingOfAChangeThatWasTakenBack() throws Exception {
        swapWith("2.0.0", "440");
        select("1.0.0");
        watch(LONG);
        var end = begin("880");
        assertInstanceOf(
                RolledBack.class, swaps.engine().rollback(TUNED, any -> {}).get(60, TimeUnit.SECONDS));
        end.get(60, TimeUnit.SECONDS);
        assertEquals("pitch null", read());
        watch(SHORT);
        select("2.0.0");
        assertEquals("pitch 440", read());
    }

    @Test
    void leavesNothingOfAChangeThatTheEndOfTheProcessBrokeOff() throws Exception {
        swapWith("2.0.0", "440");
        select("1.0.0");
        swaps.crashAt("promote.kept");
        var broken = swaps.engine().apply(transaction("880", artifact("2.0.0")), any -> {});
        assertThrows(ExecutionException.class, () -> broken.get(60, TimeUnit.SECONDS));
        swaps.crashAt(null);
        swaps.restart();
        assertEquals("pitch null", read());
        select("2.0.0");
        assertEquals("pitch 440", read());
    }

    @Test
    void leavesNothingOfABrokenOffChangeToAVersionWithoutSettings() throws Exception {
        assertInstanceOf(
                Swapped.class, swaps.engine().swap(artifact("2.0.0"), any -> {}).get(60, TimeUnit.SECONDS));
        select("1.0.0");
        swaps.crashAt("promote.kept");
        var broken = swaps.engine().apply(transaction("880", artifact("2.0.0")), any -> {});
        assertThrows(ExecutionException.class, () -> broken.get(60, TimeUnit.SECONDS));
        swaps.crashAt(null);
        swaps.restart();
        select("2.0.0");
        assertEquals("pitch null", read());
    }

    @Test
    void helpsOutAlsoWhenTheOldVersionIsMadeAnewOnProbation() throws Exception {
        watch(LONG);
        var file = home.resolve("bad.jar");
        SampleBundle.of("test.tuned", "2.0.0")
                .ledger("tuned", BrokenReads.class)
                .write(file);
        var end = begin(transaction("880", new PluginArtifact(TUNED, file, "test")));
        swaps.configurations().getConfiguration(PID, "?").update(FrameworkUtil.asDictionary(Map.of("pitch", "5")));
        awaitOld("pitch 5");
        while (!end.isDone()) {
            assertEquals("pitch 5", read());
        }
        assertInstanceOf(RolledBack.class, end.get().getFirst());
    }

    @Test
    void goesOnWithTheSettingsOfAChangeThatWasSelectedWhenTheProcessEnded() throws Exception {
        swapWith("2.0.0", "440");
        select("1.0.0");
        watch(LONG);
        var _ = begin("880");
        swaps.restart();
        assertEquals("pitch 880", read());
        watch(SHORT);
        while (!swaps.takenUp().getFirst().isDone()) {
            var _ = swaps.engine().rollback(TUNED, any -> {});
            Thread.sleep(5);
        }
        assertInstanceOf(RolledBack.class, swaps.takenUp().getFirst().get().getFirst());
        select("2.0.0");
        assertEquals("pitch 440", read());
    }

    /** Both run under the component runtime at once, from one PID, and each has its own values. */
    @Test
    void runsTwoVersionsWithDifferentSettingsAtOnce() throws Exception {
        watch(LONG);
        var end = begin("880");
        assertEquals(Map.of("1.0.0", "pitch null", "2.0.0", "pitch 880"), readAll());
        swaps.configurations().getConfiguration(PID, "?").update(FrameworkUtil.asDictionary(Map.of("pitch", "5")));
        await(Map.of("1.0.0", "pitch 5", "2.0.0", "pitch 880"));
        var _ = swaps.engine().rollback(TUNED, any -> {});
        end.get(60, TimeUnit.SECONDS);
        assertEquals("pitch 5", read());
    }

    /** The same by factory configurations, which is how a component of several instances is configured. */
    @Test
    void runsTwoVersionsWithAFactoryConfigurationEach() throws Exception {
        var context = swaps.context();
        for (var version : List.of("1.0.0", "2.0.0")) {
            var name = "test.many";
            var jar = home.resolve(name + version + ".jar");
            SampleBundle.of(name, version)
                    .ledger("many", Tuned.class)
                    .replace("OSGI-INF/component.xml", "init='1'", "init='1' configuration-policy='require'")
                    .replace("OSGI-INF/component.xml", "sample.Ledger", "sample.Many")
                    .write(jar);
            context.installBundle(jar.toUri().toString()).start();
            swaps.configurations()
                    .createFactoryConfiguration("sample.Many|" + name + "|" + version, "?")
                    .update(FrameworkUtil.asDictionary(Map.of("pitch", version)));
        }
        var expected = Map.of("1.0.0", "pitch 1.0.0", "2.0.0", "pitch 2.0.0");
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!readAll("many").equals(expected)) {
            assertTrue(System.nanoTime() - end < 0, () -> readAll("many").toString());
            Thread.sleep(5);
        }
    }

    @Test
    void keepsCallersWaitingWhileTheInstallationsSettingsChange() throws Exception {
        var isOver = new AtomicBoolean();
        var callers = new ArrayList<CompletableFuture<Void>>();
        for (var caller = 0; caller < 4; caller++) {
            callers.add(CompletableFuture.runAsync(() -> {
                while (!isOver.get()) {
                    read(); // throws if nobody is there
                    Thread.onSpinWait();
                }
            }));
        }
        for (var pitch = 1; pitch <= 10; pitch++) {
            swaps.configurations()
                    .getConfiguration(PID, "?")
                    .update(FrameworkUtil.asDictionary(Map.of("pitch", Integer.toString(pitch))));
            await(Map.of("1.0.0", "pitch " + pitch));
        }
        isOver.set(true);
        CompletableFuture.allOf(callers.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
        assertEquals("pitch 10", read());
    }

    private void await(Map<String, String> expected) throws Exception {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!readAll().equals(expected)) {
            assertTrue(System.nanoTime() - end < 0, () -> readAll().toString());
            Thread.sleep(5);
        }
    }

    /** Waits until version 1.0.0 answers so, serving or not. */
    private void awaitOld(String expected) throws Exception {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!expected.equals(readAll("tuned", "1.0.0").get("1.0.0"))) {
            assertTrue(System.nanoTime() - end < 0);
            Thread.sleep(5);
        }
    }

    private String read() {
        return swaps.ledger("tuned").read("");
    }

    private Map<String, String> readAll() {
        return readAll("tuned");
    }

    /** Asks each version's own service, serving or not. */
    private Map<String, String> readAll(String id) {
        return readAll(id, "");
    }

    private Map<String, String> readAll(String id, String version) {
        var answers = new TreeMap<String, String>();
        try {
            var references = swaps.context()
                    .getAllServiceReferences(Ledger.class.getName(), "(" + PluginId.PROPERTY + "=" + id + ")");
            for (ServiceReference<?> reference : references == null ? new ServiceReference<?>[0] : references) {
                var bundle = reference.getBundle();
                if (bundle != null
                        && bundle.getVersion().toString().startsWith(version)
                        && swaps.context().getService(reference) instanceof Ledger ledger) {
                    answers.put(bundle.getVersion().toString(), ledger.read(""));
                    swaps.context().ungetService(reference);
                }
            }
        } catch (org.osgi.framework.InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        return answers;
    }

    private static SampleBundle tuned(String version) {
        return SampleBundle.of("test.tuned", version).ledger("tuned", Tuned.class);
    }

    /** The same bytes each time: a jar that is written again has another time in it. */
    private PluginArtifact artifact(String version) {
        var file = home.resolve("tuned-" + version + ".jar");
        if (Files.notExists(file)) {
            tuned(version).write(file);
        }
        return new PluginArtifact(TUNED, file, "test");
    }

    private PluginArtifact locked() {
        var file = home.resolve("red-incoming.jar");
        SampleBundle.of("test.red", "2.0.0")
                .supplier("red", LockedOut.class, "", "")
                .write(file);
        return new PluginArtifact(new PluginId("red"), file, "test");
    }

    private void select(String version) throws Exception {
        assertInstanceOf(
                Swapped.class, swaps.engine().select(TUNED, version, any -> {}).get(60, TimeUnit.SECONDS));
    }

    private void swapWith(String version, String pitch) throws Exception {
        assertInstanceOf(Swapped.class, apply(pitch, artifact(version)).getFirst());
        assertEquals("pitch " + pitch, read());
    }

    private static PluginTransaction transaction(String pitch, PluginArtifact... artifacts) {
        var settings = new PluginTransaction.Settings(TUNED, PID, Map.of("pitch", pitch));
        return new PluginTransaction(List.of(artifacts), List.of(settings));
    }

    private List<SwapOutcome> apply(String pitch, PluginArtifact... artifacts) throws Exception {
        return swaps.engine().apply(transaction(pitch, artifacts), any -> {}).get(60, TimeUnit.SECONDS);
    }

    /** Returns when version 2.0.0 is on probation. */
    private CompletableFuture<List<SwapOutcome>> begin(String pitch) throws Exception {
        return begin(transaction(pitch, artifact("2.0.0")));
    }

    private CompletableFuture<List<SwapOutcome>> begin(PluginTransaction transaction) throws Exception {
        return swaps.onProbation(progress -> swaps.engine().apply(transaction, progress));
    }
}
