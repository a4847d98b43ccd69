package io.slipway.plugin.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.plugin.api.PluginArtifact;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginStatus.State;
import io.slipway.plugin.api.SwapOutcome;
import io.slipway.plugin.api.SwapOutcome.Refused;
import io.slipway.plugin.api.SwapOutcome.RolledBack;
import io.slipway.plugin.api.SwapOutcome.Swapped;
import io.slipway.plugin.api.SwapStep;
import io.slipway.plugin.lifecycle.sample.GoodLedger;
import io.slipway.plugin.lifecycle.sample.IndexedLedger;
import io.slipway.plugin.lifecycle.spi.Ledger;
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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Constants;

/** New versions that are not what the old one was, and what becomes of the old one's uses and selections. */
@Timeout(120)
class UnlikeVersionTest {

    private static final PluginId LEDGER = new PluginId("ledger");
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(50);

    @TempDir
    private Path home;

    private SwapFixture swaps;

    @BeforeEach
    void startWithVersionOne() throws Exception {
        bundle("1.0.0", GoodLedger.class).write(home.resolve("plugins/ledger/1.0.0.jar"));
        swaps = new SwapFixture(home);
        watch(SHORT, LONG);
    }

    @AfterEach
    void stop() throws Exception {
        swaps.close();
    }

    private void watch(Duration window, Duration drain) {
        watch(Duration.ofSeconds(20), window, drain);
    }

    private void watch(Duration start, Duration window, Duration drain) {
        var limit = Duration.ofSeconds(10);
        swaps.limits(new SwapLimits(start, limit, limit, drain, spi -> ProbationLimits.USUAL.withWindow(window)));
    }

    /** What it lacks is waited for as long as a start may take. */
    private void startSoon() {
        watch(Duration.ofSeconds(3), SHORT, LONG);
    }

    @Test
    void refusesWhatCallsItselfByAnotherId() throws Exception {
        startSoon();
        var other = SampleBundle.of("test.ledger", "2.0.0").ledger("ledger2", GoodLedger.class);
        refuses(other, "it lacks Ledger 'ledger', which the version in use provides");
    }

    @Test
    void refusesWhatHasLostAnAbilityUnlessSomebodyGoesBackToIt() throws Exception {
        assertInstanceOf(Swapped.class, end(swap(bundle("2.0.0", IndexedLedger.class))));
        startSoon();
        var refused = assertInstanceOf(Refused.class, end(swap(bundle("3.0.0", GoodLedger.class))));
        watch(SHORT, LONG);
        assertEquals("it lacks Indexed of 'ledger', which the version in use provides", refused.reason());
        assertEquals("indexed x", swaps.ledger("ledger").read("x"));
        var back = assertInstanceOf(Swapped.class, end(swaps.engine().rollback(LEDGER, any -> {})));
        assertEquals("1.0.0", back.newVersion());
        assertEquals("it lacks Indexed of 'ledger'", back.remark());
    }

    @Test
    void refusesWhatContainsItsOwnCopyOfAnSpi() throws Exception {
        var own = bundle("2.0.0", GoodLedger.class)
                .type(Ledger.class)
                .header(Constants.IMPORT_PACKAGE, "io.slipway.model.call");
        refuses(
                own,
                "it contains " + Ledger.class.getName()
                        + ", which nobody else can call; a plug-in imports that package");
    }

    @Test
    void goesBackWhenAProviderDisappearsAndItsCallersWait() throws Exception {
        watch(LONG, LONG);
        var end = begin("2.0.0");
        var isGone = CompletableFuture.runAsync(() -> disable("2.0.0"));
        while (!end.isDone()) {
            assertEquals("good x", swaps.ledger("ledger").read("x"));
        }
        isGone.get(60, TimeUnit.SECONDS);
        var back = assertInstanceOf(RolledBack.class, end.get());
        assertTrue(back.reason().startsWith("it has taken away [Ledger 'ledger']"), back::reason);
        assertEquals("good x", swaps.ledger("ledger").read("x"));
    }

    private void disable(String version) {
        var bundle = Arrays.stream(swaps.context().getBundles())
                .filter(PluginBundles::isPlugin)
                .filter(each -> each.getVersion().toString().equals(version))
                .findFirst()
                .orElseThrow();
        swaps.components()
                .getComponentDescriptionDTOs(bundle)
                .forEach(component -> swaps.components().disableComponent(component));
    }

    @Test
    void goesBackPastAVersionThatWasTakenBack() throws Exception {
        assertInstanceOf(Swapped.class, end(swap(bundle("2.0.0", GoodLedger.class))));
        watch(LONG, LONG);
        var bad = begin("3.0.0");
        assertInstanceOf(RolledBack.class, end(swaps.engine().rollback(LEDGER, any -> {})));
        assertInstanceOf(RolledBack.class, end(bad));
        watch(SHORT, LONG);
        var back = assertInstanceOf(Swapped.class, end(swaps.engine().rollback(LEDGER, any -> {})));
        assertEquals("1.0.0", back.newVersion());
    }

    @Test
    void goesBackAlsoWhileTheOldVersionIsDrained() throws Exception {
        var lease = swaps.plugins().set(Ledger.class).lease(LEDGER);
        var isDraining = new CountDownLatch(1);
        var end = swap(bundle("2.0.0", GoodLedger.class), SwapStep.DRAIN, isDraining);
        assertTrue(isDraining.await(60, TimeUnit.SECONDS));
        var back = assertInstanceOf(RolledBack.class, end(swaps.engine().rollback(LEDGER, any -> {})));
        assertEquals("an operator has taken it back", back.reason());
        assertEquals(back, end(end));
        assertEquals("good x", lease.get().read("x"));
        lease.close();
        assertEquals("1.0.0", swaps.journaledVersion("ledger"));
        assertEquals(List.of("1.0.0"), swaps.activeVersions());
    }

    @Test
    void cutsUsesOffThatOutliveTheDrain() throws Exception {
        watch(SHORT, Duration.ofMillis(200));
        try (var lease = swaps.plugins().set(Ledger.class).lease(LEDGER)) {
            var swapped = assertInstanceOf(Swapped.class, end(swap(bundle("2.0.0", GoodLedger.class))));
            assertTrue(
                    swapped.remark().startsWith("1 uses of version 1.0.0 were cut off after 0.2 s"), swapped::remark);
            assertEquals("1.0.0", lease.version());
            assertEquals("2.0.0", swaps.plugins().statuses().getFirst().version());
        }
    }

    @Test
    void refusesWhatWouldRestartAnother() throws Exception {
        var basis = SampleBundle.of("test.ledger", "2.0.0")
                .ledger("ledger", GoodLedger.class)
                .header(Constants.PROVIDE_CAPABILITY, "test.paper");
        assertInstanceOf(Swapped.class, end(swap(basis)));
        var third = home.resolve("third.jar");
        SampleBundle.of("test.third", "1.0.0")
                .header(Constants.REQUIRE_CAPABILITY, "test.paper")
                .write(third);
        swaps.context().installBundle(third.toUri().toString()).start();
        var why = "the framework would have to restart other bundles too: [test.third]";
        var plan = swaps.engine().plan(artifact(bundle("3.0.0", GoodLedger.class)));
        assertEquals(List.of("test.third"), plan.refreshed());
        assertEquals(List.of(why), plan.objections());
        var refused = assertInstanceOf(Refused.class, end(swap(bundle("3.0.0", GoodLedger.class))));
        assertEquals(why, refused.reason());
        assertEquals(SwapStep.CHECK, refused.step());
    }

    @Test
    void listsWhatWasRefusedAtItsFirstInstall() throws Exception {
        startSoon();
        var file = home.resolve("new.jar");
        SampleBundle.of("test.newcomer", "1.0.0").write(file);
        assertInstanceOf(
                Refused.class,
                end(swaps.engine().swap(new PluginArtifact(new PluginId("newcomer"), file, "test"), any -> {})));
        var listed = swaps.plugins().statuses().getLast();
        assertEquals(new PluginId("newcomer"), listed.id());
        assertEquals(State.REFUSED, listed.state());
        assertTrue(listed.reason().contains("it has registered no provider"), listed::reason);
    }

    private void refuses(SampleBundle bundle, String reason) throws Exception {
        assertEquals(reason, assertInstanceOf(Refused.class, end(swap(bundle))).reason());
        assertEquals("good x", swaps.ledger("ledger").read("x"));
        assertEquals(List.of("1.0.0"), swaps.activeVersions());
    }

    private static SwapOutcome end(CompletableFuture<SwapOutcome> swap) throws Exception {
        return swap.get(60, TimeUnit.SECONDS);
    }

    private static SampleBundle bundle(String version, Class<?> implementation) {
        return SampleBundle.of("test.ledger", version).ledger("ledger", implementation);
    }

    private PluginArtifact artifact(SampleBundle bundle) {
        var file = home.resolve("incoming.jar");
        bundle.write(file);
        return new PluginArtifact(LEDGER, file, "test");
    }

    private CompletableFuture<SwapOutcome> begin(String version) throws Exception {
        var isWatched = new CountDownLatch(1);
        var end = swap(bundle(version, GoodLedger.class), SwapStep.PROBATION, isWatched);
        assertTrue(isWatched.await(60, TimeUnit.SECONDS));
        return end;
    }

    private CompletableFuture<SwapOutcome> swap(SampleBundle bundle) {
        return swap(bundle, SwapStep.CHECK, new CountDownLatch(1));
    }

    private CompletableFuture<SwapOutcome> swap(SampleBundle bundle, SwapStep step, CountDownLatch reached) {
        return swaps.engine().swap(artifact(bundle), progress -> {
            if (progress.step() == step) {
                reached.countDown();
            }
        });
    }
}
