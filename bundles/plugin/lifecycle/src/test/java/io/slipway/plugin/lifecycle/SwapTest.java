package io.slipway.plugin.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.plugin.api.PluginArtifact;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.SwapOutcome;
import io.slipway.plugin.api.SwapOutcome.Refused;
import io.slipway.plugin.api.SwapOutcome.Swapped;
import io.slipway.plugin.api.SwapProgress;
import io.slipway.plugin.api.SwapStep;
import io.slipway.plugin.lifecycle.sample.Farewell;
import io.slipway.plugin.lifecycle.sample.Greeter;
import io.slipway.plugin.lifecycle.sample.Hanging;
import io.slipway.plugin.lifecycle.sample.LockedOut;
import io.slipway.plugin.lifecycle.sample.NeverStopping;
import io.slipway.plugin.lifecycle.sample.Sceptic;
import io.slipway.plugin.lifecycle.sample.StopHanging;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleWiring;

/** Swaps of a plug-in made of a component, in a real framework with the real component runtime. */
class SwapTest {

    private static final PluginId GREETER = new PluginId("greeter");

    @TempDir
    private Path home;

    private SwapFixture swaps;

    @BeforeEach
    void startWithVersionOne() throws Exception {
        greeter("1.0.0", Greeter.class).write(home.resolve("plugins/greeter/1.0.0.jar"));
        swaps = new SwapFixture(home);
    }

    @AfterEach
    void stop() throws Exception {
        swaps.close();
    }

    @Test
    void swapsAndTellsEachStep() throws Exception {
        var steps = new ArrayList<SwapStep>();
        var outcome = swaps.engine()
                .swap(artifact(greeter("2.0.0", Farewell.class)), (SwapProgress progress) -> steps.add(progress.step()))
                .get(20, TimeUnit.SECONDS);

        var swapped = assertInstanceOf(Swapped.class, outcome);
        assertEquals("1.0.0", swapped.oldVersion());
        assertEquals("2.0.0", swapped.newVersion());
        assertEquals("", swapped.remark());
        assertEquals(List.of(SwapStep.values()), steps);
        assertEquals("goodbye", swaps.call());
        assertEquals(List.of("2.0.0"), swaps.activeVersions());
    }

    @Test
    void goesBackToTheVersionBefore() throws Exception {
        swap(greeter("2.0.0", Farewell.class));
        assertEquals(List.of("1.0.0", "2.0.0"), swaps.engine().versions(GREETER));

        var back = swaps.engine().rollback(GREETER, any -> {}).get(20, TimeUnit.SECONDS);

        assertInstanceOf(Swapped.class, back);
        assertEquals("hello", swaps.call());
        assertTrue(
                swaps.engine().history().stream().anyMatch(line -> line.step().equals("done")));
    }

    @Test
    void startsTheSameVersionAfterARestart() throws Exception {
        swap(greeter("2.0.0", Farewell.class));
        swap(greeter("1.5.0", Greeter.class));
        swaps.restart();
        assertEquals(List.of("1.5.0"), swaps.activeVersions());
    }

    @Test
    void losesNoCallUnderLoadAndLeavesNoBundleOrClassLoader() throws Exception {
        var isOver = new AtomicBoolean();
        var calls = new AtomicLong();
        var callers = new ArrayList<CompletableFuture<Void>>();
        for (var caller = 0; caller < 4; caller++) {
            callers.add(CompletableFuture.runAsync(() -> {
                while (!isOver.get()) {
                    swaps.call(); // throws if there is nothing to call
                    calls.incrementAndGet();
                    Thread.onSpinWait();
                }
            }));
        }
        greeter("2.0.0", Farewell.class).write(home.resolve("plugins/greeter/2.0.0.jar"));
        var retired = new ArrayList<WeakReference<?>>();
        for (var round = 0; round < 20; round++) {
            var bundle = serving();
            retired.add(new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader()));
            retired.add(new WeakReference<>(bundle));
            var version = round % 2 == 0 ? "2.0.0" : "1.0.0";
            var outcome = swaps.engine().select(GREETER, version, any -> {}).get(20, TimeUnit.SECONDS);
            assertInstanceOf(Swapped.class, outcome);
        }
        isOver.set(true);
        CompletableFuture.allOf(callers.toArray(CompletableFuture[]::new)).get(10, TimeUnit.SECONDS);
        assertTrue(calls.get() > 1_000, calls::toString);
        assertTrue(areCollected(retired), "class loaders or bundles of retired versions stay");
    }

    @Test
    void keepsTheOldVersionForLeasesThatBeganOnIt() throws Exception {
        var lease = swaps.lease();
        var outcome = swaps.engine().swap(artifact(greeter("2.0.0", Farewell.class)), any -> {});
        while (!"goodbye".equals(swaps.call())) {
            Thread.onSpinWait();
        }
        assertEquals("hello", lease.get().get());
        lease.close();
        assertInstanceOf(Swapped.class, outcome.get(20, TimeUnit.SECONDS));
    }

    @Test
    void refusesASecondSwapOfTheSamePlugin() throws Exception {
        var lease = swaps.lease();
        var hasBegun = new CountDownLatch(1);
        var first = swaps.engine().swap(artifact(greeter("2.0.0", Farewell.class)), any -> hasBegun.countDown());
        assertTrue(hasBegun.await(20, TimeUnit.SECONDS));
        assertEquals(
                "another swap of greeter is running; try again when it is over",
                refusal(swap(greeter("3.0.0", Greeter.class))));
        lease.close();
        assertInstanceOf(Swapped.class, first.get(20, TimeUnit.SECONDS));
    }

    @Test
    void plansWithoutInstallingAnything() throws Exception {
        try (var lease = swaps.lease()) {
            var plan = swaps.engine().plan(artifact(greeter("2.0.0", Farewell.class)));
            assertEquals("1.0.0", lease.version());
            assertEquals("1.0.0", plan.oldVersion());
            assertEquals("2.0.0", plan.newVersion());
            assertEquals(1, plan.callsInFlight());
            assertEquals(List.of(), plan.objections());
            assertEquals(List.of(), plan.refreshed());
        }
        assertEquals(List.of("1.0.0"), swaps.activeVersions());
    }

    @Test
    void refusesWhatThrowsInItsConstructor() throws Exception {
        refuses(
                greeter("2.0.0", LockedOut.class),
                "Supplier fails to start: java.lang.UnsupportedOperationException: the file is locked");
    }

    @Test
    void refusesWhatHangsInItsStart() throws Exception {
        var second = Duration.ofSeconds(1);
        swaps.limits(new SwapLimits(second, second, second, second, spi -> ProbationLimits.USUAL));
        var hanging = plain("2.0.0")
                .type(Hanging.class)
                .header(Constants.BUNDLE_ACTIVATOR, Hanging.class.getName())
                .header(Constants.IMPORT_PACKAGE, "org.osgi.framework");
        var why = refusal(swap(hanging));
        assertTrue(why.startsWith("cannot be started: its start has not ended within "), why);
        assertEquals("hello", swaps.call());
        assertEquals(List.of("1.0.0"), swaps.activeVersions());
    }

    @Test
    void refusesWhatHangsInItsStop() throws Exception {
        var second = Duration.ofSeconds(1);
        swaps.limits(new SwapLimits(Duration.ofSeconds(20), second, second, second, spi -> ProbationLimits.USUAL));
        var hanging = plain("2.0.0")
                .type(NeverStopping.class)
                .header(Constants.BUNDLE_ACTIVATOR, NeverStopping.class.getName())
                .header(Constants.IMPORT_PACKAGE, "org.osgi.framework");
        var why = refusal(swap(hanging));
        assertTrue(why.startsWith("it cannot be stopped: its stop has not ended within 1 s"), why);
        assertEquals("hello", swaps.call());
    }

    @Test
    void refusesWhatFindsAFaultInItself() throws Exception {
        refuses(
                greeter("2.0.0", Sceptic.class).header(Constants.IMPORT_PACKAGE, "io.slipway.plugin.api"),
                "its self-check fails: the device does not answer");
    }

    @Test
    void refusesWhatImportsAPackageThatNobodyExports() throws Exception {
        refuses(
                greeter("2.0.0", Farewell.class).header(Constants.IMPORT_PACKAGE, "org.nobody"),
                "it imports the package org.nobody, which no bundle exports");
    }

    @Test
    void refusesWhatExportsAPackageOfOurs() throws Exception {
        refuses(
                greeter("2.0.0", Farewell.class).header(Constants.EXPORT_PACKAGE, "io.slipway.model;version=9"),
                "it exports the package io.slipway.model; a plug-in exports nothing, since its packages could take the"
                        + " place of ours");
    }

    @Test
    void refusesWhatIsNoBundle() throws Exception {
        var file = home.resolve("text.jar");
        Files.writeString(file, "no zip at all");
        var why = refusal(swap(new PluginArtifact(GREETER, file, "test")));
        assertTrue(why.startsWith("it is no jar that can be read"), why);
        assertEquals("hello", swaps.call());
    }

    @Test
    void refusesAZipBomb() throws Exception {
        var file = home.resolve("bomb.jar");
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("zeros"));
            writeZeros(zip, (256L << 20) + 1);
        }
        assertEquals(
                "the jar unpacks to more than 268435456 bytes",
                refusal(swap(new PluginArtifact(GREETER, file, "test"))));
        assertEquals("hello", swaps.call());
    }

    @Test
    void refusesOtherBytesUnderAVersionThatIsOnDisk() throws Exception {
        swap(greeter("2.0.0", Farewell.class));
        swap(greeter("3.0.0", Greeter.class));
        assertEquals(
                "version 2.0.0 is on disk with another content; a changed jar needs another version",
                refusal(swap(greeter("2.0.0", Greeter.class))));
    }

    @Test
    void refusesAnotherBundleUnderTheSameId() throws Exception {
        var why = refusal(swap(SampleBundle.of("test.other", "2.0.0").supplier("greeter", Farewell.class, "", "")));
        assertTrue(why.startsWith("its symbolic name is test.other"), why);
    }

    @Test
    void refusesAVersionThatIsNotOnDisk() throws Exception {
        assertEquals(
                "version 7.0.0 is not on disk; there are [1.0.0]",
                refusal(swaps.engine().select(GREETER, "7.0.0", any -> {}).get(5, TimeUnit.SECONDS)));
        assertEquals(
                "no other version of it that is on disk was ever selected and good",
                refusal(swaps.engine().rollback(GREETER, any -> {}).get(5, TimeUnit.SECONDS)));
    }

    @Test
    void leavesAnOldVersionThatHangsInItsStopUntilTheRestart() throws Exception {
        var hanging = plain("2.0.0")
                .type(StopHanging.class)
                .header(Constants.BUNDLE_ACTIVATOR, StopHanging.class.getName())
                .header(Constants.IMPORT_PACKAGE, "org.osgi.framework");
        swap(hanging);
        var limit = Duration.ofSeconds(3);
        swaps.limits(new SwapLimits(limit.multipliedBy(7), limit, limit, limit, spi -> noProbation()));
        var swapped = assertInstanceOf(Swapped.class, swap(greeter("3.0.0", Farewell.class)));
        assertEquals(
                "version 2.0.0 stays until its stop or a restart: its stop has not ended within 3 s", swapped.remark());
        assertEquals("goodbye", swaps.call());
    }

    @ParameterizedTest
    @EnumSource(SwapStep.class)
    void bootsIntoOneVersionAfterACrashAtAnyStep(SwapStep step) throws Exception {
        swaps.crashAt(step.name().toLowerCase(Locale.ROOT));
        var swap = swaps.engine().swap(artifact(greeter("2.0.0", Farewell.class)), any -> {});
        var failure = assertThrows(ExecutionException.class, () -> swap.get(20, TimeUnit.SECONDS));
        assertInstanceOf(SwapFixture.Crash.class, failure.getCause());

        swaps.crashAt(null);
        swaps.restart();
        for (var taken : swaps.takenUp()) {
            taken.get(60, TimeUnit.SECONDS);
        }

        var selected = swaps.journaledVersion();
        assertEquals(List.of(selected), swaps.activeVersions());
        assertEquals(step.compareTo(SwapStep.PROMOTE) <= 0 ? "1.0.0" : "2.0.0", selected);
        if ("1.0.0".equals(selected)) {
            assertInstanceOf(Swapped.class, swap(greeter("2.0.0", Farewell.class)));
        }
        assertEquals("goodbye", swaps.call());
    }

    private static ProbationLimits noProbation() {
        return ProbationLimits.USUAL.withWindow(Duration.ZERO);
    }

    private static SampleBundle plain(String version) {
        return SampleBundle.of("test.greeter", version);
    }

    private static SampleBundle greeter(String version, Class<?> implementation) {
        return plain(version).supplier("greeter", implementation, "", "");
    }

    private PluginArtifact artifact(SampleBundle bundle) {
        var file = home.resolve("incoming.jar");
        bundle.write(file);
        return new PluginArtifact(GREETER, file, "test");
    }

    private SwapOutcome swap(SampleBundle bundle) throws Exception {
        return swap(artifact(bundle));
    }

    private SwapOutcome swap(PluginArtifact artifact) throws Exception {
        return swaps.engine().swap(artifact, any -> {}).get(20, TimeUnit.SECONDS);
    }

    private static String refusal(SwapOutcome outcome) {
        return assertInstanceOf(Refused.class, outcome).reason();
    }

    private void refuses(SampleBundle bundle, String reason) throws Exception {
        assertEquals(reason, refusal(swap(bundle)));
        assertEquals("hello", swaps.call());
        assertEquals(List.of("1.0.0"), swaps.activeVersions());
        assertEquals(List.of("1.0.0"), swaps.engine().versions(GREETER));
    }

    private Bundle serving() {
        return Arrays.stream(swaps.context().getBundles())
                .filter(each -> each.getState() == Bundle.ACTIVE)
                .filter(PluginBundles::isPlugin)
                .findFirst()
                .orElseThrow();
    }

    private static boolean areCollected(List<WeakReference<?>> retired) {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() - end < 0) {
            System.gc();
            if (retired.stream().allMatch(each -> each.get() == null)) {
                return true;
            }
        }
        return false;
    }

    private static void writeZeros(OutputStream out, long count) throws IOException {
        var block = new byte[1 << 20];
        for (var left = count; left > 0; left -= block.length) {
            out.write(block, 0, (int) Math.min(left, block.length));
        }
    }
}
