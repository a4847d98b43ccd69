package io.slipway.plugin.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.plugin.api.PluginAdministration;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginStatus;
import io.slipway.plugin.api.PluginStatus.State;
import io.slipway.plugin.api.Plugins;
import io.slipway.plugin.api.SwapOutcome;
import io.slipway.plugin.lifecycle.sample.Greeter;
import io.slipway.plugin.lifecycle.sample.Hanging;
import io.slipway.plugin.lifecycle.sample.LockedOut;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceEvent;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.util.tracker.ServiceTracker;

/** Plug-ins made of components, in a real framework with the real component runtime. */
class PluginBootTest {

    private static final long PATIENCE_MILLIS = 20_000;

    @TempDir
    private Path home;

    private FrameworkFixture framework;
    private ServiceComponentRuntime components;
    private PluginBoot boot;

    @BeforeEach
    void startFramework() throws Exception {
        framework = new FrameworkFixture(home.resolve("cache"));
        components = framework.startComponentRuntime();
        boot = make();
    }

    private PluginBoot make() throws Exception {
        return new PluginBoot(
                framework.context(),
                components,
                framework.configurations(),
                new TestVerifier(),
                SwapLimits.USUAL,
                ProbationLimits.USUAL.window());
    }

    @AfterEach
    void stopFramework() throws Exception {
        boot.stop();
        framework.close();
    }

    @Test
    void publishesPluginsWhenTheyAreUpAndStopsWhatItStarted() throws Exception {
        put("greeter", sample("greeter").supplier("greeter", Greeter.class, "", ""));
        var plugins = boot();
        assertEquals("hello", greeting(plugins));
        assertEquals(State.ACTIVE, status(plugins, "greeter").state());
        assertEquals("", status(plugins, "greeter").reason());

        boot.stop();
        assertNull(framework.context().getServiceReference(Plugins.class));
        assertEquals(Bundle.RESOLVED, bundle("test.greeter").getState());

        boot = make();
        assertEquals("hello", greeting(boot()));
    }

    @Test
    void takesABrokenProbationUpBeforeAnybodyCanOrderSomethingElse() throws Exception {
        for (var version : List.of("1.0.0", "2.0.0")) {
            SampleBundle.of("test.greeter", version)
                    .supplier("greeter", Greeter.class, "", "")
                    .write(home.resolve("plugins/greeter/" + version + ".jar"));
        }
        Files.writeString(home.resolve("plugins/journal.jsonl"), """
                {"step":"select","plugin":"greeter","version":"1.0.0"}
                {"step":"promote","plugin":"greeter","version":"2.0.0"}
                {"step":"select","plugin":"greeter","version":"2.0.0"}
                {"step":"probation","plugin":"greeter","version":"2.0.0"}
                """);
        var answer = new CompletableFuture<SwapOutcome>();
        framework
                .context()
                .addServiceListener(
                        event -> {
                            if (event.getType() == ServiceEvent.REGISTERED
                                    && framework.context().getService(event.getServiceReference())
                                            instanceof PluginAdministration administration) {
                                var _ = administration
                                        .select(new PluginId("greeter"), "1.0.0", any -> {})
                                        .thenAccept(answer::complete);
                            }
                        },
                        "(objectClass=" + PluginAdministration.class.getName() + ")");
        boot();
        var refused = assertInstanceOf(SwapOutcome.Refused.class, answer.get(60, TimeUnit.SECONDS));
        assertEquals("another swap of greeter is running; try again when it is over", refused.reason());
    }

    @Test
    void isUpWithoutAnyPlugin() throws Exception {
        assertTrue(boot().statuses().isEmpty());
    }

    @Test
    void saysWhichServiceAPluginWaitsFor() throws Exception {
        put("greeter", sample("greeter").supplier("greeter", Greeter.class, "", """
                <reference name="clock" interface="java.util.concurrent.Callable" target="(zone=here)"/>
                """));
        var status = status(bootQuickly(), "greeter");
        assertEquals(State.WAITING, status.state());
        assertEquals("Supplier waits for a service java.util.concurrent.Callable with (zone=here)", status.reason());
    }

    @Test
    void saysWhichConfigurationAPluginWaitsFor() throws Exception {
        put("greeter", sample("greeter").supplier("greeter", Greeter.class, "configuration-policy='require'", ""));
        var status = status(bootQuickly(), "greeter");
        assertEquals(State.WAITING, status.state());
        assertEquals("Supplier waits for its configuration sample.Supplier", status.reason());
    }

    @Test
    void saysWhyAProviderCannotBeMade() throws Exception {
        put("locked", sample("locked").supplier("locked", LockedOut.class, "", ""));
        var status = status(bootQuickly(), "locked");
        assertEquals(State.FAILED, status.state());
        assertEquals(
                "Supplier fails to start: java.lang.UnsupportedOperationException: the file is locked",
                status.reason());
    }

    @Test
    void saysWhichPackageIsMissing() throws Exception {
        put("lonely", sample("lonely").header(Constants.IMPORT_PACKAGE, "org.nobody;version=\"[2.1,3)\""));
        var status = status(bootQuickly(), "lonely");
        assertEquals(State.FAILED, status.state());
        assertEquals(
                "cannot be started: it imports the package org.nobody of version 2.1.0 or later, which no bundle"
                        + " exports",
                status.reason());
    }

    @Test
    void saysThatAPluginRegistersNothing() throws Exception {
        put("mute", sample("mute"));
        assertEquals(
                "it has registered no provider with the property slipway.plugin.id",
                status(bootQuickly(), "mute").reason());
    }

    @Test
    void saysThatABundleWasStoppedFromOutside() throws Exception {
        put("greeter", sample("greeter").supplier("greeter", Greeter.class, "", ""));
        var plugins = boot();
        bundle("test.greeter").stop();
        assertEquals(State.FAILED, status(plugins, "greeter").state());
        assertEquals(
                "its bundle was stopped from outside",
                status(plugins, "greeter").reason());
        assertTrue(plugins.set(Supplier.class).ids().isEmpty());
    }

    @Test
    void refusesAJarOfAnotherVersionThanItsName() throws Exception {
        SampleBundle.of("test.liar", "2.0.0").write(home.resolve("plugins/liar/1.0.0.jar"));
        var status = status(bootQuickly(), "liar");
        assertEquals(State.FAILED, status.state());
        assertEquals("cannot be installed: its file name says 1.0.0, its manifest 2.0.0", status.reason());
    }

    @Test
    void givesUpAPluginThatHangsInItsStart() throws Exception {
        put(
                "hanging",
                sample("hanging")
                        .type(Hanging.class)
                        .header(Constants.BUNDLE_ACTIVATOR, Hanging.class.getName())
                        .header(Constants.IMPORT_PACKAGE, "org.osgi.framework"));
        var status = status(bootQuickly(), "hanging");
        assertEquals(State.FAILED, status.state());
        assertEquals("cannot be started: its start has not ended within 1 s", status.reason());
    }

    private static SampleBundle sample(String name) {
        return SampleBundle.of("test." + name, "1.0.0");
    }

    private void put(String id, SampleBundle bundle) {
        bundle.write(home.resolve("plugins").resolve(id).resolve("1.0.0.jar"));
    }

    private Plugins boot() throws InterruptedException {
        boot.start();
        var tracker = new ServiceTracker<Plugins, Plugins>(framework.context(), Plugins.class, null);
        tracker.open();
        var plugins = tracker.waitForService(PATIENCE_MILLIS);
        assertNotNull(plugins);
        return plugins;
    }

    /** As the boot does, without its patience for plug-ins that stay silent. */
    private Plugins bootQuickly() throws Exception {
        var folder = home.resolve("plugins");
        var journal = new SelectionJournal(folder.resolve("journal.jsonl"), () -> Instant.EPOCH);
        var bundles = new PluginBundles(framework.context(), Duration.ofSeconds(1), TestVerifier.open(journal));
        var tracker = new ProviderTracker(framework.context(), Duration.ZERO, () -> {});
        tracker.open();
        var started = new java.util.ArrayList<InstalledPlugin>();
        for (var plugin : new Reconciler(
                        new PluginFolder(folder), journal, bundles, new VersionSettings(new PluginFolder(folder), null))
                .install()) {
            started.add(bundles.start(plugin));
        }
        return new ReconciledPlugins(
                tracker,
                new PluginStatuses(tracker, new ComponentReasons(components)::of, new VersionBook()),
                () -> started);
    }

    private static PluginStatus status(Plugins plugins, String id) {
        return plugins.statuses().stream()
                .filter(status -> status.id().equals(new PluginId(id)))
                .findFirst()
                .orElseThrow();
    }

    private static Object greeting(Plugins plugins) {
        try (var lease = plugins.set(Supplier.class).lease(new PluginId("greeter"))) {
            return lease.get().get();
        }
    }

    private Bundle bundle(String name) throws BundleException {
        return Arrays.stream(framework.context().getBundles())
                .filter(bundle -> name.equals(bundle.getSymbolicName()))
                .findFirst()
                .orElseThrow();
    }
}
