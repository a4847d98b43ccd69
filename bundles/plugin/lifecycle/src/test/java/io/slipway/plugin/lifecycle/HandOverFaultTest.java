package io.slipway.plugin.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.plugin.api.PluginArtifact;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.SwapOutcome;
import io.slipway.plugin.api.SwapOutcome.Refused;
import io.slipway.plugin.api.SwapOutcome.RolledBack;
import io.slipway.plugin.api.SwapOutcome.Swapped;
import io.slipway.plugin.lifecycle.sample.OwnedLedger;
import io.slipway.plugin.lifecycle.sample.StuckLedger;
import io.slipway.plugin.lifecycle.sample.TornLedger;
import io.slipway.plugin.lifecycle.spi.Ledger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong while a provider that owns something changes hands: exactly one version owns it afterwards. */
@Timeout(120)
class HandOverFaultTest {

    private static final PluginId OWNED = new PluginId("owned");
    private static final Duration LONG = Duration.ofMinutes(5);

    @TempDir
    private Path home;

    private SwapFixture swaps;
    private Ledger ledger;
    private volatile String breaksAt = "";

    @BeforeEach
    void startWithVersionOne() throws Exception {
        System.setProperty("test.ledger", home.resolve("ledger.lock").toString());
        bundle("1.0.0", OwnedLedger.class).write(home.resolve("plugins/owned/1.0.0.jar"));
        swaps = new SwapFixture(home, this::reached);
        watch(Duration.ofMillis(200), LONG);
        ledger = swaps.ledger("owned");
        ledger.write("x");
    }

    @AfterEach
    void stop() throws Exception {
        List.of(
                        "test.ledger",
                        "test.ledger.refusals",
                        "test.ledger.hangs",
                        "test.ledger.breaks",
                        "test.ledger.promotion.millis",
                        "test.ledger.demotion.millis",
                        "test.ledger.demotion.breaks.before",
                        "test.ledger.demotion.breaks.after")
                .forEach(System::clearProperty);
        swaps.close();
    }

    private void reached(String point) {
        if (point.equals(breaksAt)) {
            throw new IllegalStateException("broken on purpose");
        }
    }

    private void watch(Duration removal, Duration hang) {
        var limit = Duration.ofSeconds(20);
        swaps.limits(new SwapLimits(
                limit,
                limit,
                removal,
                limit,
                spi -> ProbationLimits.USUAL.withWindow(LONG).withHang(hang)));
    }

    @Test
    void leavesTheNewOwnerAloneWhenTheOldOneDoesNotTakeOverAgain() throws Exception {
        watch(Duration.ofSeconds(20), LONG);
        var end = begin(OwnedLedger.class);
        ledger.write("x");
        System.setProperty("test.ledger.refusals", "1");
        var _ = swaps.engine().rollback(OWNED, any -> {});
        var stays = assertInstanceOf(Swapped.class, end.get(60, TimeUnit.SECONDS));
        assertTrue(stays.remark().contains("it cannot go back: its promotion fails: not now"), stays::remark);
        assertEquals("line 3", ledger.write("x"));
        assertEquals("2.0.0", swaps.journaledVersion("owned"));
        assertEquals(List.of("2.0.0"), swaps.activeVersions());
    }

    @Test
    void goesBackAlsoWhenNothingCanBeWritten() throws Exception {
        watch(Duration.ofSeconds(20), LONG);
        var end = begin(OwnedLedger.class);
        ledger.write("x");
        var journal = home.resolve("plugins/journal.jsonl");
        Files.move(journal, home.resolve("kept"));
        Files.createDirectory(journal); // no line can be written to it
        var _ = swaps.engine().rollback(OWNED, any -> {});
        var back = assertInstanceOf(RolledBack.class, end.get(60, TimeUnit.SECONDS));
        assertTrue(back.reason().contains("the journal cannot be written"), back::reason);
        assertEquals("line 3", ledger.write("x"));
        assertEquals(List.of("1.0.0"), swaps.activeVersions());
        Files.delete(journal);
        Files.move(home.resolve("kept"), journal);

        watch(Duration.ofSeconds(20), LONG);
        assertInstanceOf(RolledBack.class, takeBack(begin("3.0.0", OwnedLedger.class)));
        assertEquals("1.0.0", swaps.journaledVersion("owned"), "what served, not what the full journal had said");
        assertEquals("line 4", ledger.write("x"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void goesBackFromAnOwnerWhoseCallHangs(boolean isDemotionHangingToo) throws Exception {
        System.setProperty("test.ledger.hangs", Boolean.toString(isDemotionHangingToo));
        watch(Duration.ofSeconds(2), Duration.ofMillis(200));
        var end = begin(StuckLedger.class);
        var caller = Thread.ofPlatform().daemon().start(() -> ledger.read("ever"));
        var back = assertInstanceOf(RolledBack.class, end.get(60, TimeUnit.SECONDS));
        assertTrue(back.reason().startsWith("Ledger.read has not returned after "), back.reason());
        caller.interrupt();
        assertEquals("line 2", ledger.write("x"));
        assertEquals("1.0.0", swaps.journaledVersion("owned"));
    }

    @Test
    void givesBackWhatWasHandedOverWhenTheChangeBreaksOff() throws Exception {
        breaksAt = "promote.handed";
        var refused = assertInstanceOf(Refused.class, swap("2.0.0").get(60, TimeUnit.SECONDS));
        assertTrue(refused.reason().contains("broken on purpose"), refused::reason);
        assertEquals("line 2", ledger.write("x"));
        assertEquals("1.0.0", swaps.journaledVersion("owned"));
    }

    @Test
    void goesBackWhenTheChangeBreaksOffBehindItsSelection() throws Exception {
        breaksAt = "promote.served";
        var back = assertInstanceOf(RolledBack.class, swap("2.0.0").get(60, TimeUnit.SECONDS));
        assertTrue(back.reason().contains("broken on purpose"), back::reason);
        assertEquals("line 2", ledger.write("x"));
        assertEquals("1.0.0", swaps.journaledVersion("owned"));
        assertEquals(List.of("1.0.0"), swaps.activeVersions());
    }

    @Test
    void givesBackWhatANewOwnerHasTakenThatBreaksOff() throws Exception {
        watch(Duration.ofSeconds(20), LONG);
        System.setProperty("test.ledger.breaks", "once");
        var refused = assertInstanceOf(Refused.class, swap("2.0.0").get(60, TimeUnit.SECONDS));
        assertEquals("its promotion fails: java.lang.IllegalStateException: a mistake", refused.reason());
        assertEquals("line 2", ledger.write("x"));
        assertEquals(List.of("1.0.0"), swaps.activeVersions());
    }

    @Test
    void leavesTheNewOwnerAloneWhenTheOldOneBreaksOffAsItTakesOverAgain() throws Exception {
        watch(Duration.ofSeconds(20), LONG);
        var lease = swaps.plugins().set(Ledger.class).lease(OWNED);
        var end = begin(OwnedLedger.class);
        System.setProperty("test.ledger.breaks", "once");
        var _ = swaps.engine().rollback(OWNED, any -> {});
        var stays = assertInstanceOf(Swapped.class, end.get(60, TimeUnit.SECONDS));
        assertTrue(stays.remark().contains("it cannot go back: its promotion fails: "), stays::remark);
        assertEquals("line 2", ledger.write("x"));
        assertEquals("line 3", lease.get().write("x"), "a use that began on the old version");
        lease.close();
        assertEquals(List.of("2.0.0"), swaps.activeVersions());
    }

    @ParameterizedTest
    @ValueSource(strings = {"promotion", "demotion"})
    void givesBackWhatChangesHandsTooLate(String step) throws Exception {
        swaps.limits(new SwapLimits(LONG, Duration.ofSeconds(2), LONG, LONG, spi -> ProbationLimits.USUAL));
        System.setProperty("test.ledger." + step + ".millis", "4000");
        var refused = assertInstanceOf(Refused.class, swap("2.0.0").get(60, TimeUnit.SECONDS));
        assertEquals("its " + step + " fails: its " + step + " has not ended within 2 s", refused.reason());
        while (System.getProperty("test.ledger." + step + ".millis") != null) {
            Thread.sleep(5); // it goes on
        }
        assertEquals("line 2", ledger.write("x"));
        assertEquals(List.of("1.0.0"), swaps.activeVersions());
    }

    @ParameterizedTest
    @ValueSource(strings = {"before", "after"})
    void makesTheOwnerServeAgainThatBreaksOffAsItLetsGo(String moment) throws Exception {
        watch(Duration.ofSeconds(20), LONG);
        var lease = swaps.plugins().set(Ledger.class).lease(OWNED);
        System.setProperty("test.ledger.demotion.breaks." + moment, "once");
        var refused = assertInstanceOf(Refused.class, swap("2.0.0").get(60, TimeUnit.SECONDS));
        assertEquals("its demotion fails: java.lang.IllegalStateException: a mistake", refused.reason());
        assertEquals("line 2", ledger.write("x"));
        assertEquals("line 3", lease.get().write("x"), "a use that began before");
        lease.close();
        assertEquals(List.of("1.0.0"), swaps.activeVersions());
        assertInstanceOf(RolledBack.class, takeBack(begin("3.0.0", OwnedLedger.class)), "it can change hands still");
        assertEquals("line 4", ledger.write("x"));
    }

    @Test
    void hasFailedReadsOfABadOwnerDoneByTheOneBefore() throws Exception {
        watch(Duration.ofSeconds(20), LONG);
        var end = begin(TornLedger.class);
        assertEquals("1 lines", ledger.read("any"));
        var back = assertInstanceOf(RolledBack.class, end.get(60, TimeUnit.SECONDS));
        assertTrue(back.reason().endsWith("last: java.lang.IllegalStateException: page any is torn"), back.reason());
        assertEquals(0, back.costs().failed());
        assertEquals(
                List.of("Ledger.read: 0 failed, 0 served by the version before, 1 done at another try,"
                        + " last: java.lang.IllegalStateException: page any is torn"),
                back.costs().named());
        assertEquals("line 2", ledger.write("x"));
    }

    @Test
    void triesAReadOfANewOwnerAgainButNoWriteAndNoWrongCall() throws Exception {
        watch(Duration.ofSeconds(20), LONG);
        var end = begin(TornLedger.class);
        assertEquals("read at last", ledger.read("second"));
        assertThrows(IllegalArgumentException.class, () -> ledger.read(""));
        assertThrows(IllegalStateException.class, () -> ledger.write("x"));
        var back = assertInstanceOf(RolledBack.class, end.get(60, TimeUnit.SECONDS));
        assertEquals(
                List.of(
                        "Ledger.read: 1 failed, 0 served by the version before, 1 done at another try,"
                                + " last: java.lang.IllegalArgumentException: no page",
                        "Ledger.write: 1 failed, 0 served by the version before,"
                                + " last: java.lang.IllegalStateException: out of ink"),
                back.costs().named());
        assertEquals("line 2", ledger.write("x"));
    }

    @Test
    void countsARefusalThatIsTriedAgainAsOneFault() throws Exception {
        watch(Duration.ofSeconds(20), LONG);
        var end = begin(OwnedLedger.class);
        assertEquals("1 lines", ledger.read("any"));
        assertThrows(NoSuchElementException.class, () -> ledger.read("none"), "the version before would say so too");
        var back = assertInstanceOf(RolledBack.class, takeBack(end));
        assertEquals("an operator has ended the probation", back.reason());
        assertEquals(1, back.costs().failed());
    }

    @Test
    void judgesWhatOnlyRefusesByItsFirstCall() throws Exception {
        watch(Duration.ofSeconds(20), LONG);
        var end = begin(OwnedLedger.class);
        assertThrows(NoSuchElementException.class, () -> ledger.read("none"));
        var back = assertInstanceOf(RolledBack.class, end.get(60, TimeUnit.SECONDS));
        assertTrue(back.reason().startsWith("Ledger.read: "), back.reason());
    }

    private SwapOutcome takeBack(CompletableFuture<SwapOutcome> end) throws Exception {
        var _ = swaps.engine().rollback(OWNED, any -> {});
        return end.get(60, TimeUnit.SECONDS);
    }

    private static SampleBundle bundle(String version, Class<?> implementation) {
        return SampleBundle.of("test.owned", version).ledger("owned", implementation);
    }

    private CompletableFuture<SwapOutcome> begin(Class<?> implementation) throws Exception {
        return begin("2.0.0", implementation);
    }

    /** Returns when the new version is on probation. */
    private CompletableFuture<SwapOutcome> begin(String version, Class<?> implementation) throws Exception {
        var file = home.resolve("incoming.jar");
        bundle(version, implementation).write(file);
        return swaps.onProbation(progress -> swaps.engine().swap(new PluginArtifact(OWNED, file, "test"), progress));
    }

    private CompletableFuture<SwapOutcome> swap(String version) {
        var file = home.resolve("incoming.jar");
        bundle(version, OwnedLedger.class).write(file);
        return swaps.engine().swap(new PluginArtifact(OWNED, file, "test"), any -> {});
    }
}
