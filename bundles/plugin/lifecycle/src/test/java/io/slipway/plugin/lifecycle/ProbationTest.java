package io.slipway.plugin.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.plugin.api.PluginArtifact;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginStatus.State;
import io.slipway.plugin.api.SwapOutcome;
import io.slipway.plugin.api.SwapOutcome.Refused;
import io.slipway.plugin.api.SwapOutcome.RolledBack;
import io.slipway.plugin.api.SwapOutcome.Swapped;
import io.slipway.plugin.api.SwapStep;
import io.slipway.plugin.lifecycle.sample.BrokenReads;
import io.slipway.plugin.lifecycle.sample.GoodLedger;
import io.slipway.plugin.lifecycle.sample.HangingReads;
import io.slipway.plugin.lifecycle.sample.LeakyWrites;
import io.slipway.plugin.lifecycle.sample.SlowReads;
import io.slipway.plugin.lifecycle.sample.ThreadLeaker;
import io.slipway.plugin.lifecycle.spi.Ledger;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.wiring.BundleWiring;

/** What a new version does to its callers while it is watched. */
class ProbationTest {

    private static final PluginId LEDGER = new PluginId("ledger");
    private static final Duration LONG = Duration.ofMinutes(5);

    @TempDir
    private Path home;

    private SwapFixture swaps;
    private Ledger ledger;

    @BeforeEach
    void startWithVersionOne() throws Exception {
        bundle("1.0.0", GoodLedger.class).write(home.resolve("plugins/ledger/1.0.0.jar"));
        swaps = new SwapFixture(home);
        watch(LONG, LONG);
        ledger = swaps.ledger("ledger");
    }

    @AfterEach
    void stop() throws Exception {
        swaps.close();
    }

    /** A window so long that only a verdict ends it, so that nothing depends on how fast the calls come. */
    private void watch(Duration window, Duration hang) {
        watch(window, hang, Duration.ofSeconds(20), Duration.ofSeconds(20));
    }

    private void watch(Duration window, Duration hang, Duration stop, Duration removal) {
        swaps.limits(new SwapLimits(
                Duration.ofSeconds(20),
                stop,
                removal,
                Duration.ofSeconds(20),
                spi -> ProbationLimits.USUAL.withWindow(window).withHang(hang)));
    }

    @Test
    void goesBackWhenReadsFailAndTheCallersSeeNothingOfIt() throws Exception {
        var end = begin("2.0.0", BrokenReads.class);
        while (!end.isDone()) {
            assertEquals("good 7", ledger.read("7")); // never anything else, whichever version is asked
        }
        var back = assertInstanceOf(RolledBack.class, end.get());
        assertTrue(back.reason().startsWith("Ledger.read: "), back.reason());
        assertTrue(back.reason().endsWith("last: java.lang.IllegalStateException: page 7 is torn"), back.reason());
        assertEquals(0, back.costs().failed());
        assertTrue(back.costs().retried() >= 3, back::toString);
        assertEquals("good 7", ledger.read("7"));
        assertEquals("1.0.0", swaps.journaledVersion("ledger"));
        assertEquals(List.of("1.0.0"), swaps.activeVersions());
        assertTrue(steps().containsAll(List.of("probation", "rollback", "done")), () -> steps().toString());
    }

    @Test
    void goesBackWhenOneInTwentyWritesFailsAndNamesWhatThatCost() throws Exception {
        var end = begin("2.0.0", LeakyWrites.class);
        var failed = 0;
        while (!end.isDone()) {
            try {
                ledger.write("a line");
            } catch (IllegalStateException e) {
                assertEquals("out of ink", e.getMessage());
                failed++;
            }
        }
        var back = assertInstanceOf(RolledBack.class, end.get());
        assertEquals(failed, back.costs().failed());
        assertEquals(0, back.costs().retried());
        assertEquals(
                List.of("Ledger.write: " + failed
                        + " failed, 0 served by the version before, last: java.lang.IllegalStateException: out of ink"),
                back.costs().named());
        assertEquals("wrote it", ledger.write("it"));
    }

    @Test
    void goesBackWhenReadsTakeFarLonger() throws Exception {
        for (var call = 0; call < 50; call++) {
            ledger.read("before");
        }
        var end = begin("2.0.0", SlowReads.class);
        while (!end.isDone()) {
            ledger.read("after");
        }
        var back = assertInstanceOf(RolledBack.class, end.get());
        assertTrue(back.reason().startsWith("Ledger.read takes "), back.reason());
        assertEquals("good x", ledger.read("x"));
    }

    @Test
    void goesBackWhenACallHangs() throws Exception {
        // its removal waits so long for the end of the call
        watch(LONG, Duration.ofMillis(200), Duration.ofSeconds(20), Duration.ofMillis(200));
        var end = begin("2.0.0", HangingReads.class);
        var caller = Thread.ofPlatform().daemon().start(() -> ledger.read("ever"));
        var back = assertInstanceOf(RolledBack.class, end.get(60, TimeUnit.SECONDS));
        assertTrue(back.reason().startsWith("Ledger.read has not returned after "), back.reason());
        caller.interrupt();
        assertEquals("good x", ledger.read("x"));
    }

    @Test
    void doesNotJudgeHowLongACallWaits() throws Exception {
        watch(Duration.ofMillis(300), Duration.ofMillis(20));
        var end = begin("2.0.0", GoodLedger.class);
        assertEquals("awaited", ledger.await(200));
        assertInstanceOf(Swapped.class, end.get(60, TimeUnit.SECONDS));
    }

    @Test
    void leavesTheVersionBeforeToNoCallThatBeganOnProbation() throws Exception {
        var before = Arrays.stream(swaps.context().getBundles())
                .filter(PluginBundles::isPlugin)
                .map(bundle ->
                        new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader()))
                .toList();
        watch(Duration.ofMillis(300), LONG);
        var end = begin("2.0.0", GoodLedger.class);
        var caller = Thread.ofVirtual().start(() -> {
            try {
                ledger.await(LONG.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertInstanceOf(Swapped.class, end.get(60, TimeUnit.SECONDS));
        assertTrue(caller.isAlive());
        var last = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (before.getFirst().get() != null && System.nanoTime() - last < 0) {
            System.gc();
            Thread.sleep(20);
        }
        assertNull(before.getFirst().get(), "held by a call");
        caller.interrupt();
    }

    @Test
    void passesWhatWorks() throws Exception {
        watch(Duration.ofMillis(200), LONG);
        var end = begin("2.0.0", GoodLedger.class);
        while (!end.isDone()) {
            ledger.read("7");
            ledger.write("7");
        }
        assertEquals("", assertInstanceOf(Swapped.class, end.get()).remark());
        assertEquals(State.ACTIVE, status().state());
        assertEquals(List.of(), status().others());
        assertTrue(steps().contains("passed"), () -> steps().toString());
    }

    @Test
    void blamesNobodyForWhatBothVersionsCannot() throws Exception {
        bundle("1.1.0", BrokenReads.class).write(home.resolve("plugins/ledger/1.1.0.jar"));
        watch(Duration.ZERO, LONG);
        assertInstanceOf(
                Swapped.class, swaps.engine().select(LEDGER, "1.1.0", any -> {}).get(60, TimeUnit.SECONDS));
        watch(Duration.ofMillis(300), LONG);
        var end = begin("2.0.0", BrokenReads.class);
        while (!end.isDone()) {
            assertThrows(IllegalStateException.class, () -> ledger.read("7"));
        }
        assertEquals("", assertInstanceOf(Swapped.class, end.get()).remark());
    }

    @Test
    void goesBackAtOnceWhenTheOperatorSaysSo() throws Exception {
        var end = begin("2.0.0", GoodLedger.class);
        assertEquals(State.PROBATION, status().state());
        assertEquals("1.0.0", status().others().getFirst().version());
        assertEquals(State.STANDBY, status().others().getFirst().state());
        var back = swaps.engine().rollback(LEDGER, any -> {}).get(60, TimeUnit.SECONDS);
        assertEquals(back, end.get(60, TimeUnit.SECONDS));
        assertEquals(
                "an operator has ended the probation",
                assertInstanceOf(RolledBack.class, back).reason());
        assertEquals("1.0.0", swaps.journaledVersion("ledger"));
        assertEquals(State.ROLLED_BACK, status().others().getFirst().state());
    }

    @Test
    void refusesAnotherSwapDuringProbation() throws Exception {
        var end = begin("2.0.0", GoodLedger.class);
        var other = swaps.engine().select(LEDGER, "1.0.0", any -> {}).get(60, TimeUnit.SECONDS);
        assertEquals(
                "another swap of ledger is running; try again when it is over",
                assertInstanceOf(Refused.class, other).reason());
        var back = swaps.engine().rollback(LEDGER, any -> {});
        assertInstanceOf(RolledBack.class, back.get(60, TimeUnit.SECONDS));
        assertInstanceOf(RolledBack.class, end.get(60, TimeUnit.SECONDS));
    }

    @Test
    void refusesWhatLeavesThreadsBehind() throws Exception {
        watch(LONG, LONG, Duration.ofSeconds(4), Duration.ofSeconds(20)); // a thread may take as long as the stop
        var refused = assertInstanceOf(
                Refused.class, swap("2.0.0", ThreadLeaker.class, step -> {}).get(60, TimeUnit.SECONDS));
        assertEquals("it leaves threads behind when it stops: [left-behind, left-behind-virtually]", refused.reason());
        assertEquals(SwapStep.SELF_TEST, refused.step());
        assertEquals("good x", ledger.read("x"));
        assertEquals(State.REFUSED, status().others().getFirst().state());
        assertEquals(
                "SELF_TEST: " + refused.reason(), status().others().getFirst().reason());
    }

    private io.slipway.plugin.api.PluginStatus status() {
        return swaps.plugins().statuses().getFirst();
    }

    private List<String> steps() {
        try {
            return swaps.engine().history().stream().map(line -> line.step()).toList();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static SampleBundle bundle(String version, Class<?> implementation) {
        return SampleBundle.of("test.ledger", version).ledger("ledger", implementation);
    }

    /** Returns when the new version is on probation. */
    private CompletableFuture<SwapOutcome> begin(String version, Class<?> implementation) throws Exception {
        var isWatched = new CountDownLatch(1);
        var end = swap(version, implementation, step -> {
            if (step == SwapStep.PROBATION) {
                isWatched.countDown();
            }
        });
        var watched = end.whenComplete((outcome, failure) -> isWatched.countDown());
        assertTrue(isWatched.await(60, TimeUnit.SECONDS));
        return watched;
    }

    private CompletableFuture<SwapOutcome> swap(
            String version, Class<?> implementation, java.util.function.Consumer<SwapStep> steps) {
        var file = home.resolve("incoming.jar");
        bundle(version, implementation).write(file);
        return swaps.engine().swap(new PluginArtifact(LEDGER, file, "test"), progress -> steps.accept(progress.step()));
    }
}
