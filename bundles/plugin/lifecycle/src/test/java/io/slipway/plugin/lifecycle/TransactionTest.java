package io.slipway.plugin.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.plugin.api.PluginArtifact;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginTransaction;
import io.slipway.plugin.api.SwapOutcome;
import io.slipway.plugin.api.SwapOutcome.Refused;
import io.slipway.plugin.api.SwapOutcome.RolledBack;
import io.slipway.plugin.api.SwapOutcome.Swapped;
import io.slipway.plugin.api.SwapStep;
import io.slipway.plugin.lifecycle.sample.BrokenReads;
import io.slipway.plugin.lifecycle.sample.GoodLedger;
import io.slipway.plugin.lifecycle.sample.LockedOut;
import io.slipway.plugin.lifecycle.sample.OwnedLedger;
import io.slipway.plugin.lifecycle.sample.Tuned;
import io.slipway.plugin.lifecycle.sample.UnfitLedger;
import io.slipway.plugin.lifecycle.spi.Ledger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several plug-ins and their settings as one, and providers that own something. */
class TransactionTest {

    @TempDir
    private Path home;

    private SwapFixture swaps;

    @BeforeEach
    void startWithVersionOne() throws Exception {
        System.setProperty("test.ledger", home.resolve("ledger.lock").toString());
        put("red", "1.0.0", GoodLedger.class);
        put("blue", "1.0.0", GoodLedger.class);
        put("owned", "1.0.0", OwnedLedger.class);
        put("tuned", "1.0.0", Tuned.class);
        swaps = new SwapFixture(home);
        watch(Duration.ofMillis(50));
    }

    @AfterEach
    void stop() throws Exception {
        swaps.close();
        System.clearProperty("test.ledger");
    }

    private void watch(Duration window) {
        swaps.limits(new SwapLimits(
                Duration.ofSeconds(20),
                Duration.ofSeconds(20),
                Duration.ofSeconds(20),
                Duration.ofSeconds(20),
                spi -> ProbationLimits.USUAL.withWindow(window).withHang(Duration.ofMinutes(5))));
    }

    @Test
    void swapsAllOfThem() throws Exception {
        var outcomes = apply(
                List.of(), artifact("red", "2.0.0", GoodLedger.class), artifact("blue", "2.0.0", GoodLedger.class));
        outcomes.forEach(outcome -> assertInstanceOf(Swapped.class, outcome));
        assertEquals("2.0.0", swaps.journaledVersion("red"));
        assertEquals("2.0.0", swaps.journaledVersion("blue"));
    }

    @Test
    void swapsNoneIfOneIsBad() throws Exception {
        var outcomes = apply(List.of(), artifact("red", "2.0.0", GoodLedger.class), locked("blue", "2.0.0"));
        var red = assertInstanceOf(Refused.class, outcomes.getFirst());
        var blue = assertInstanceOf(Refused.class, outcomes.getLast());
        assertTrue(red.reason().startsWith("it goes with blue, which was refused: "), red.reason());
        assertTrue(blue.reason().contains("the file is locked"), blue.reason());
        assertEquals("1.0.0", swaps.journaledVersion("red"));
        assertEquals("1.0.0", swaps.journaledVersion("blue"));
        assertEquals("good x", swaps.ledger("red").read("x"));
        assertEquals(List.of("1.0.0", "1.0.0", "1.0.0", "1.0.0"), swaps.activeVersions());
    }

    @Test
    void takesAllBackIfOneIsBadOnProbation() throws Exception {
        watch(Duration.ofMinutes(5));
        var isWatched = new CountDownLatch(2);
        var end = swaps.engine()
                .apply(
                        new PluginTransaction(
                                List.of(
                                        artifact("red", "2.0.0", GoodLedger.class),
                                        artifact("blue", "2.0.0", BrokenReads.class)),
                                List.of()),
                        progress -> {
                            if (progress.step() == SwapStep.PROBATION) {
                                isWatched.countDown();
                            }
                        });
        assertTrue(isWatched.await(60, TimeUnit.SECONDS));
        while (!end.isDone()) {
            assertEquals("good 1", swaps.ledger("blue").read("1"));
        }
        for (var outcome : end.get()) {
            var back = assertInstanceOf(RolledBack.class, outcome);
            assertTrue(back.reason().startsWith("blue 2.0.0: Ledger.read: "), back.reason());
        }
        assertEquals("1.0.0", swaps.journaledVersion("red"));
        assertEquals("1.0.0", swaps.journaledVersion("blue"));
    }

    @Test
    void takesAFirstInstallBackToo() throws Exception {
        watch(Duration.ofMinutes(5));
        var both = new PluginTransaction(
                List.of(artifact("green", "1.0.0", GoodLedger.class), artifact("blue", "2.0.0", GoodLedger.class)),
                List.of());
        var end = swaps.onProbation(progress -> swaps.engine().apply(both, progress));
        assertEquals("good x", swaps.ledger("green").read("x"));
        assertInstanceOf(
                RolledBack.class,
                swaps.engine().rollback(new PluginId("blue"), any -> {}).get(60, TimeUnit.SECONDS));
        assertEquals(2, end.get(60, TimeUnit.SECONDS).size());
        assertEquals("null", swaps.journaledVersion("green"));
        swaps.restart();
        assertEquals("null", swaps.journaledVersion("green"));
        assertEquals(4, swaps.activeVersions().size());
    }

    @Test
    void handsStateOverWhileCallersWaitAndBackAgain() throws Exception {
        var ledger = swaps.ledger("owned");
        var isOver = new AtomicBoolean();
        var callers = new ArrayList<CompletableFuture<Long>>();
        for (var caller = 0; caller < 3; caller++) {
            callers.add(CompletableFuture.supplyAsync(() -> write(ledger, isOver)));
        }
        for (var version : List.of("2.0.0", "3.0.0", "4.0.0")) {
            var outcome = apply(List.of(), artifact("owned", version, OwnedLedger.class))
                    .getFirst();
            assertEquals("", assertInstanceOf(Swapped.class, outcome).remark());
        }
        isOver.set(true);
        var written = 0L;
        for (var caller : callers) {
            written += caller.get(60, TimeUnit.SECONDS);
        }
        assertEquals(written + " lines", ledger.read(""));
    }

    /** Throws if one call fails. */
    private static long write(Ledger ledger, AtomicBoolean isOver) {
        var count = 0L;
        while (!isOver.get()) {
            ledger.write("x");
            count++;
            Thread.onSpinWait();
        }
        return count;
    }

    @Test
    void tellsWhoListensBeforeAnyOtherCallReachesTheNewOwner() throws Exception {
        var ledger = swaps.ledger("owned");
        var isOver = new AtomicBoolean();
        var caller = CompletableFuture.supplyAsync(() -> write(ledger, isOver));
        var seen = Collections.synchronizedList(new ArrayList<String>());
        var set = swaps.plugins().set(Ledger.class);
        try (var _ = set.onChange(() -> {
            try (var lease = set.lease(new PluginId("owned"))) {
                if (lease.version().equals("2.0.0") && seen.isEmpty()) {
                    seen.add(lease.get().read(""));
                    LockSupport.parkNanos(50_000_000); // the writer goes on meanwhile, if anything lets it
                    seen.add(lease.get().read(""));
                }
            }
        })) {
            assertInstanceOf(
                    Swapped.class,
                    apply(List.of(), artifact("owned", "2.0.0", OwnedLedger.class))
                            .getFirst());
        }
        isOver.set(true);
        caller.get(60, TimeUnit.SECONDS);
        assertEquals(2, seen.size());
        assertEquals(seen.getFirst(), seen.getLast());
    }

    @Test
    void leavesTheOldOneServingWhenTheNewOneCannotTakeOver() throws Exception {
        var ledger = swaps.ledger("owned");
        ledger.write("x");
        var refused = assertInstanceOf(
                Refused.class,
                apply(List.of(), artifact("owned", "2.0.0", UnfitLedger.class)).getFirst());
        assertEquals("its promotion fails: schema 1 is not known", refused.reason());
        assertEquals(SwapStep.PROMOTE, refused.step());
        assertEquals("1 lines", ledger.read(""));
        assertEquals("line 2", ledger.write("x"));
        assertEquals("1.0.0", swaps.journaledVersion("owned"));
        assertEquals(
                List.of("1.0.0"), swaps.engine().versions(new PluginId("owned")), "what was refused is no version");
        var mended = apply(List.of(), artifact("owned", "2.0.0", OwnedLedger.class));
        assertInstanceOf(Swapped.class, mended.getFirst());
    }

    @Test
    void goesBackWithTheStateThatTheNewOneHadByThen() throws Exception {
        watch(Duration.ofMinutes(5));
        var ledger = swaps.ledger("owned");
        ledger.write("x");
        var end = swaps.onProbation(
                progress -> swaps.engine().swap(artifact("owned", "2.0.0", OwnedLedger.class), progress));
        ledger.write("x");
        assertInstanceOf(
                RolledBack.class,
                swaps.engine().rollback(new PluginId("owned"), any -> {}).get(60, TimeUnit.SECONDS));
        assertInstanceOf(RolledBack.class, end.get(60, TimeUnit.SECONDS));
        assertEquals("2 lines", ledger.read(""));
    }

    @Test
    void goesBackWithTheStateAlsoIfARestartCameBetween() throws Exception {
        watch(Duration.ofMinutes(5));
        swaps.ledger("owned").write("x");
        var _ = swaps.onProbation(
                progress -> swaps.engine().swap(artifact("owned", "2.0.0", OwnedLedger.class), progress));
        swaps.restart();
        assertEquals("line 2", swaps.ledger("owned").write("x"));
        var taken = swaps.takenUp().getFirst();
        while (!taken.isDone()) {
            var _ = swaps.engine().rollback(new PluginId("owned"), any -> {});
            Thread.sleep(5);
        }
        assertInstanceOf(RolledBack.class, taken.get().getFirst());
        assertEquals("1.0.0", swaps.journaledVersion("owned"));
        assertEquals("2 lines", swaps.ledger("owned").read(""));
    }

    @Test
    void goesOnWithALeaseThatBeganOnAnOwnerThatWasReplaced() throws Exception {
        var lease = swaps.plugins().set(Ledger.class).lease(new PluginId("owned"));
        lease.get().write("x");
        var end = swaps.engine().swap(artifact("owned", "2.0.0", OwnedLedger.class), any -> {});
        while (!"2.0.0".equals(swaps.journaledVersion("owned"))) {
            Thread.onSpinWait();
        }
        assertEquals("line 2", lease.get().write("x"));
        lease.close();
        assertInstanceOf(Swapped.class, end.get(60, TimeUnit.SECONDS));
    }

    @Test
    void plansWhatMovesAndWhoCalls() throws Exception {
        swaps.ledger("owned").write("x");
        var call = CompletableFuture.runAsync(() -> {
            try {
                swaps.ledger("owned").await(500);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        var artifact = artifact("owned", "2.0.0", OwnedLedger.class);
        var plan = swaps.engine().plan(artifact);
        while (plan.inFlight().isEmpty() && !call.isDone()) {
            plan = swaps.engine().plan(artifact);
        }
        call.get(60, TimeUnit.SECONDS);
        assertEquals(List.of("Ledger.await: 1"), plan.inFlight());
        assertEquals(List.of("1 lines"), plan.stateMoved());
        assertEquals(List.of("test.owned 2.0.0"), plan.installed());
        assertEquals(List.of(), plan.objections());
        assertEquals(4, swaps.activeVersions().size());
    }

    @Test
    void plansThatAPackageIsMissing() throws Exception {
        var file = home.resolve("lonely.jar");
        SampleBundle.of("test.red", "2.0.0")
                .header("Import-Package", "org.nobody")
                .write(file);
        var plan = swaps.engine().plan(new PluginArtifact(new PluginId("red"), file, "test"));
        assertEquals(
                List.of("it imports (osgi.wiring.package=org.nobody), which no bundle exports"), plan.objections());
    }

    @Test
    void givesEachVersionItsOwnSettings() throws Exception {
        var settings = new PluginTransaction.Settings(new PluginId("tuned"), "sample.Ledger", Map.of("pitch", "440"));
        assertEquals("pitch null", swaps.ledger("tuned").read(""));
        var outcome = apply(List.of(settings), artifact("tuned", "2.0.0", Tuned.class))
                .getFirst();
        assertInstanceOf(Swapped.class, outcome);
        assertEquals("pitch 440", swaps.ledger("tuned").read(""));
        swaps.restart();
        assertEquals("pitch 440", swaps.ledger("tuned").read(""));
        watch(Duration.ZERO);
        assertInstanceOf(
                Swapped.class,
                swaps.engine().select(new PluginId("tuned"), "1.0.0", any -> {}).get(60, TimeUnit.SECONDS));
        assertEquals("pitch null", swaps.ledger("tuned").read(""));
    }

    @Test
    void explainsHowItCameThere() throws Exception {
        assertInstanceOf(Refused.class, apply(List.of(), locked("red", "2.0.0")).getFirst());
        swaps.ledger("red").read("x");
        var told = swaps.engine().explain(new PluginId("red"));
        assertEquals("Version 1.0.0 is active.", told.sentences().getFirst());
        assertTrue(told.sentences().get(1).startsWith("Version 2.0.0 is refused: START: "), told::toString);
        assertEquals(1, told.calls().getFirst().calls());
        assertEquals(List.of("1.0.0"), told.versions());
        assertEquals("refuse", told.history().getLast().step());
    }

    private void put(String id, String version, Class<?> implementation) {
        bundle(id, version, implementation)
                .write(home.resolve("plugins").resolve(id).resolve(version + ".jar"));
    }

    private static SampleBundle bundle(String id, String version, Class<?> implementation) {
        return SampleBundle.of("test." + id, version).ledger(id, implementation);
    }

    private PluginArtifact artifact(String id, String version, Class<?> implementation) {
        return artifact(id, bundle(id, version, implementation));
    }

    private PluginArtifact locked(String id, String version) {
        return artifact(id, SampleBundle.of("test." + id, version).supplier(id, LockedOut.class, "", ""));
    }

    private PluginArtifact artifact(String id, SampleBundle bundle) {
        var file = home.resolve(id + "-incoming.jar");
        bundle.write(file);
        return new PluginArtifact(new PluginId(id), file, "test");
    }

    private List<SwapOutcome> apply(List<PluginTransaction.Settings> settings, PluginArtifact... artifacts)
            throws Exception {
        return swaps.engine()
                .apply(new PluginTransaction(List.of(artifacts), settings), any -> {})
                .get(60, TimeUnit.SECONDS);
    }
}
