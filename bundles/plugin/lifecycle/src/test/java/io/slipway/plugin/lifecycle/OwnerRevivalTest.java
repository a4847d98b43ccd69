package io.slipway.plugin.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.plugin.api.Lease;
import io.slipway.plugin.api.PluginArtifact;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.SwapOutcome;
import io.slipway.plugin.api.SwapOutcome.Refused;
import io.slipway.plugin.api.SwapOutcome.Swapped;
import io.slipway.plugin.lifecycle.sample.CountingLedger;
import io.slipway.plugin.lifecycle.sample.OwnedLedger;
import io.slipway.plugin.lifecycle.spi.Ledger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Owners that do not get back what they had, alone or beside another owner of their bundle: one version owns all again. */
@Timeout(120)
class OwnerRevivalTest {

    private static final PluginId OWNED = new PluginId("owned");
    private static final PluginId COUNTING = new PluginId("counting");
    private static final Duration LONG = Duration.ofMinutes(5);

    @TempDir
    private Path home;

    private SwapFixture swaps;
    private Ledger ledger;
    private boolean isSecondFirst;

    @BeforeEach
    void startWithVersionOne() throws Exception {
        System.setProperty("test.ledger", home.resolve("ledger.lock").toString());
        bundle("1.0.0").write(home.resolve("plugins/owned/1.0.0.jar"));
        swaps = new SwapFixture(home);
        watch(LONG);
        ledger = swaps.ledger("owned");
        ledger.write("x");
    }

    @AfterEach
    void stop() throws Exception {
        List.of("test.ledger", "test.ledger.refusals", "test.ledger.breaks", "test.ledger.demotion.breaks.before")
                .forEach(System::clearProperty);
        swaps.close();
    }

    private void watch(Duration window) {
        var limit = Duration.ofSeconds(20);
        swaps.limits(new SwapLimits(
                limit,
                limit,
                limit,
                limit,
                spi -> ProbationLimits.USUAL.withWindow(window).withHang(LONG)));
    }

    /** The new one refuses first, then the old one, which has let go already. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void makesTheOwnerServeAgainThatDoesNotTakeBackWhatItHad(int refusals) throws Exception {
        var lease = swaps.plugins().set(Ledger.class).lease(OWNED);
        System.setProperty("test.ledger.refusals", Integer.toString(refusals));
        var refused = assertInstanceOf(Refused.class, swap(bundle("2.0.0")).get(60, TimeUnit.SECONDS));
        var why = "its promotion fails: not now";
        assertEquals(refusals == 2 ? why : why + "; the version in use was started again: " + why, refused.reason());
        isServedBy("1.0.0", lease);
    }

    @Test
    void makesTheOwnerServeAgainThatBreaksOffAsItTakesBackWhatItHad() throws Exception {
        var lease = swaps.plugins().set(Ledger.class).lease(OWNED);
        System.setProperty("test.ledger.refusals", "1");
        System.setProperty("test.ledger.breaks", "once");
        var refused = assertInstanceOf(Refused.class, swap(bundle("2.0.0")).get(60, TimeUnit.SECONDS));
        assertEquals(
                "its promotion fails: not now; the version in use was started again:"
                        + " its promotion fails: java.lang.IllegalStateException: a mistake",
                refused.reason());
        isServedBy("1.0.0", lease);
    }

    /** The old one refuses first, then the new one, which has let go already. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void makesTheNewOwnerServeAgainWhenNeitherTakesOver(int refusals) throws Exception {
        var end = begin(bundle("2.0.0"));
        var lease = swaps.plugins().set(Ledger.class).lease(OWNED);
        System.setProperty("test.ledger.refusals", Integer.toString(refusals));
        var stays = assertInstanceOf(Swapped.class, takeBack(end));
        var why = "its promotion fails: not now";
        assertTrue(stays.remark().contains("it cannot go back: " + why), stays::remark);
        assertEquals(refusals == 3, stays.remark().contains("the version in use was started again: " + why));
        isServedBy("2.0.0", lease);
    }

    @Test
    void makesTheNewOwnerServeAgainThatWasStoppedInVain() throws Exception {
        var end = begin(bundle("2.0.0"));
        var lease = swaps.plugins().set(Ledger.class).lease(OWNED);
        System.setProperty("test.ledger.demotion.breaks.before", "once");
        System.setProperty("test.ledger.refusals", "1");
        var stays = assertInstanceOf(Swapped.class, takeBack(end));
        assertTrue(stays.remark().contains("it cannot go back: its promotion fails: not now"), stays::remark);
        isServedBy("2.0.0", lease);
    }

    private void isServedBy(String version, Lease<Ledger> lease) throws Exception {
        assertEquals("line 2", ledger.write("x"));
        assertEquals("line 3", lease.get().write("x"), "a use that began before");
        lease.close();
        assertEquals(version, swaps.journaledVersion("owned"));
        assertEquals(List.of(version), swaps.activeVersions());
    }

    /** One of two owners of a bundle breaks off, before or after the other one has let go. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void takesTheOtherOwnerAlongWhenItsBundleIsStartedAgain(boolean isOtherFirst) throws Exception {
        var counting = withSecond(isOtherFirst);
        var lease = swaps.plugins().set(Ledger.class).lease(COUNTING);
        System.setProperty("test.ledger.demotion.breaks.before", "once"); // the file stays locked: it must be stopped
        var refused = assertInstanceOf(Refused.class, swap(both("3.0.0")).get(60, TimeUnit.SECONDS));
        assertEquals("its demotion fails: java.lang.IllegalStateException: a mistake", refused.reason());
        assertEquals("line 2", ledger.write("x"));
        assertEquals("counted 2", counting.write("x"));
        assertEquals("counted 3", lease.get().write("x"), "a use that began before");
        lease.close();
        assertEquals(List.of("2.0.0"), swaps.activeVersions());
        assertInstanceOf(Swapped.class, swap(both("4.0.0")).get(60, TimeUnit.SECONDS), "it can change hands still");
        assertEquals("counted 4", counting.write("x"));
    }

    /** One of two new owners is stopped since it does not let go, and the old one does not take over. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void takesTheOtherOwnerAlongThatWasStoppedInVain(boolean isOtherFirst) throws Exception {
        var counting = withSecond(isOtherFirst);
        watch(LONG);
        var end = begin(both("3.0.0"));
        var lease = swaps.plugins().set(Ledger.class).lease(COUNTING);
        System.setProperty("test.ledger.demotion.breaks.before", "once");
        System.setProperty("test.ledger.refusals", "1");
        var stays = assertInstanceOf(Swapped.class, takeBack(end));
        assertTrue(stays.remark().contains("it cannot go back: its promotion fails: not now"), stays::remark);
        assertEquals("line 2", ledger.write("x"));
        assertEquals("counted 2", counting.write("x"));
        assertEquals("counted 3", lease.get().write("x"), "a use that began before");
        lease.close();
        assertEquals(List.of("3.0.0"), swaps.activeVersions());
    }

    /** Lets a version with two owners serve. */
    private Ledger withSecond(boolean isFirst) throws Exception {
        isSecondFirst = isFirst;
        watch(Duration.ofMillis(100));
        assertInstanceOf(Swapped.class, swap(both("2.0.0")).get(60, TimeUnit.SECONDS));
        var counting = swaps.ledger(COUNTING.value());
        assertEquals("counted 1", counting.write("x"));
        return counting;
    }

    private SampleBundle both(String version) {
        return bundle(version).secondLedger(COUNTING.value(), CountingLedger.class, isSecondFirst);
    }

    private SwapOutcome takeBack(CompletableFuture<SwapOutcome> end) throws Exception {
        var _ = swaps.engine().rollback(OWNED, any -> {});
        return end.get(60, TimeUnit.SECONDS);
    }

    private static SampleBundle bundle(String version) {
        return SampleBundle.of("test.owned", version).ledger("owned", OwnedLedger.class);
    }

    /** Returns when the new version is on probation. */
    private CompletableFuture<SwapOutcome> begin(SampleBundle bundle) throws Exception {
        var file = home.resolve("incoming.jar");
        bundle.write(file);
        return swaps.onProbation(progress -> swaps.engine().swap(new PluginArtifact(OWNED, file, "test"), progress));
    }

    private CompletableFuture<SwapOutcome> swap(SampleBundle bundle) {
        var file = home.resolve("incoming.jar");
        bundle.write(file);
        return swaps.engine().swap(new PluginArtifact(OWNED, file, "test"), any -> {});
    }
}
