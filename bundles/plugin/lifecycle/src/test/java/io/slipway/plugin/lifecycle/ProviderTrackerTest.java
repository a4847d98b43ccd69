package io.slipway.plugin.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginSet;
import io.slipway.plugin.api.PluginStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.wiring.BundleWiring;

class ProviderTrackerTest {

    private static final PluginId ONE = new PluginId("one");
    private static final PluginId TWO = new PluginId("two");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    private final AtomicInteger changes = new AtomicInteger();
    private FrameworkFixture framework;
    private ProviderTracker tracker;
    private Bundle plugin;
    private PluginSet<Supplier<String>> suppliers;

    @BeforeEach
    void startFramework() throws Exception {
        framework = new FrameworkFixture(folder.resolve("cache"));
        plugin = framework.startPlugin(folder, "sample", "1.0.0");
        track(Duration.ofSeconds(5));
    }

    @SuppressWarnings("unchecked") // an SPI with a type parameter, for the test only
    private void track(Duration drainLimit) {
        tracker = new ProviderTracker(framework.context(), drainLimit, changes::incrementAndGet);
        tracker.open();
        tracker.serve(Set.of(plugin));
        suppliers =
                (PluginSet<Supplier<String>>) (PluginSet<?>) new LivePluginSet<>(Supplier.class, tracker::generation);
    }

    @AfterEach
    void stopFramework() throws Exception {
        tracker.close();
        framework.close();
    }

    @Test
    void leasesWhatIsThere() {
        register("one", () -> "first");
        register("two", () -> "second");

        assertEquals(List.of(ONE, TWO), List.copyOf(suppliers.ids()));
        try (var lease = suppliers.lease(TWO)) {
            assertEquals("second", lease.get().get());
            assertEquals(TWO, lease.id());
            assertEquals("1.0.0", lease.version());
        }
        assertEquals(new ProviderTracker.Provided(List.of("Supplier"), 0, false), tracker.providersOf(plugin));
    }

    @Test
    void saysWhatIsThereWhenAskedForAnother() {
        register("one", () -> "first");

        var failure = assertThrows(SlipwayException.class, () -> suppliers.lease(TWO));
        assertEquals(FailureCode.UNAVAILABLE, failure.code());
        assertTrue(failure.getMessage().contains("active are [one]"), failure.getMessage());
        assertTrue(suppliers.find(TWO).isEmpty());
    }

    @Test
    void ignoresServicesThatAreNoPlugins() {
        plugin.getBundleContext().registerService(Supplier.class, () -> "unnamed", null);
        register("No Id", () -> "misnamed");
        framework.context().registerService(Supplier.class, () -> "foreign", property("one"));
        register("two", () -> "good");

        assertEquals(Set.of(TWO), suppliers.ids());
    }

    @Test
    void leasesAllOfOneGeneration() {
        register("one", () -> "first");
        register("two", () -> "second");

        var leases = suppliers.leaseAll();
        assertEquals(
                List.of("first", "second"),
                leases.stream().map(lease -> lease.get().get()).toList());
        assertEquals(2, inFlight());
        leases.forEach(lease -> lease.close());
        assertEquals(0, inFlight());
    }

    @Test
    void countsALeaseOnceHoweverOftenItIsClosed() {
        register("one", () -> "first");
        var lease = suppliers.lease(ONE);
        assertEquals(1, inFlight());
        lease.close();
        lease.close();
        assertEquals(0, inFlight());
        assertThrows(IllegalStateException.class, lease::get);
    }

    @Test
    void servesTheBundleThatIsToldToServeAndNoHigherVersionBesideIt() throws Exception {
        var beside = framework.startPlugin(folder, "sample", "2.0.0");
        register("one", () -> "old");
        beside.getBundleContext().registerService(Supplier.class, () -> "new", property("one"));
        assertEquals("old", call());

        tracker.serve(Set.of(beside));
        assertEquals("new", call());
        tracker.serve(Set.of(plugin));
        assertEquals("old", call());
        assertTrue(tracker.haveProviders(List.of(plugin, beside)));
    }

    @Test
    void keepsTheFirstOfTwoProvidersOfOneId() {
        register("one", () -> "first");
        var second = register("one", () -> "second");
        assertEquals("first", call());
        second.unregister();
        assertEquals("first", call());
    }

    @Test
    void keepsAProviderUntilItsLastLeaseIsClosed() throws Exception {
        var registration = register("one", () -> "first");
        var lease = suppliers.lease(ONE);
        var before = changes.get();
        var removal = Thread.ofVirtual().start(registration::unregister);
        await(() -> changes.get() > before);

        assertTrue(suppliers.find(ONE).isEmpty());
        assertEquals("first", lease.get().get());
        assertEquals(new ProviderTracker.Provided(List.of(), 1, true), tracker.providersOf(plugin));
        var status = new PluginStatuses(tracker, any -> new ComponentReasons.Reason("", false), new VersionBook())
                .of(new InstalledPlugin(ONE, plugin.getVersion(), plugin, ""));
        assertEquals(PluginStatus.State.DRAINING, status.state());
        assertTrue(status.reason().matches("draining with 1 leases of at least \\d+ s"), status::reason);
        assertFalse(removal.join(Duration.ofMillis(50)), "taken away under its caller");

        lease.close();
        assertTrue(removal.join(PATIENCE));
        assertEquals(new ProviderTracker.Provided(List.of(), 0, false), tracker.providersOf(plugin));
    }

    @Test
    void waitsForALeaseNoLongerThanTheLimit() throws Exception {
        tracker.close();
        track(Duration.ofMillis(100));
        var registration = register("one", () -> "first");
        var lease = suppliers.lease(ONE);
        assertTrue(Thread.ofVirtual().start(registration::unregister).join(PATIENCE));
        lease.close();
    }

    @Test
    void leavesNoUseBehindWhenOneProviderIsOfAnotherType() {
        var good = new VersionedProvider(ONE, "1.0.0", (Supplier<String>) () -> "first");
        var odd = new VersionedProvider(TWO, "1.0.0", "no supplier at all");
        var both = new TreeMap<>(Map.of(ONE, good, TWO, odd));
        var generation = new Generation(Map.of(Supplier.class.getName(), both));
        var set = new LivePluginSet<>(Supplier.class, () -> generation);
        assertThrows(ClassCastException.class, set::leaseAll);
        assertEquals(0, good.uses().inFlight());
    }

    private String call() {
        try (var lease = suppliers.lease(ONE)) {
            return lease.get().get();
        }
    }

    /** Else it would stay for ever without its bundle, and no generation could be built any more. */
    @Test
    void forgetsAServiceThatItFailedToTake() {
        var isBroken = new AtomicBoolean();
        tracker.close();
        tracker = new ProviderTracker(framework.context(), PATIENCE, () -> {
            if (isBroken.get()) {
                throw new IllegalStateException("on purpose");
            }
        });
        tracker.open();
        isBroken.set(true);
        var registration = register("one", () -> "first");
        isBroken.set(false);
        registration.unregister();
        tracker.serve(Set.of(plugin));
        register("two", () -> "second");
        assertEquals(new ProviderTracker.Provided(List.of("Supplier"), 0, false), tracker.providersOf(plugin));
    }

    @Test
    void forgetsAServiceThatWentWhileItWasBeingTaken() {
        var taken = new AtomicReference<ServiceRegistration<?>>();
        var provider = new AtomicReference<VersionedProvider>();
        tracker.listen(() -> {
            var registration = taken.getAndSet(null);
            if (registration != null) {
                provider.set(tracker.registeredBy(plugin).getFirst().provider());
                registration.unregister();
            }
        });
        plugin.getBundleContext().registerService(Supplier.class, new Factory(taken), property("one"));
        assertFalse(tracker.isRegistered(provider.get()));
        assertTrue(provider.get().uses().isRetired());
        assertEquals(Set.of(), suppliers.ids());
    }

    /** Keeps the registration of what it is asked for. */
    @SuppressWarnings("rawtypes") // an SPI with a type parameter, for the test only
    private record Factory(AtomicReference<ServiceRegistration<?>> taken) implements ServiceFactory<Supplier> {

        @Override
        public Supplier<String> getService(Bundle user, ServiceRegistration<Supplier> registration) {
            taken.set(registration);
            return () -> "short-lived";
        }

        @Override
        public void ungetService(Bundle user, ServiceRegistration<Supplier> registration, Supplier service) {
            taken.set(null);
        }
    }

    /** Threads that a listener makes would keep the plug-in's version for as long as they run. */
    @Test
    void tellsListenersWithoutThePluginsClassLoader() throws Exception {
        var seen = new CopyOnWriteArrayList<ClassLoader>();
        tracker.listen(() -> seen.add(Thread.currentThread().getContextClassLoader()));
        var loader = plugin.adapt(BundleWiring.class).getClassLoader();
        var kept = new AtomicReference<ClassLoader>();
        var starter = Thread.ofVirtual().unstarted(() -> {
            register("one", () -> "first");
            kept.set(Thread.currentThread().getContextClassLoader());
        });
        starter.setContextClassLoader(loader);
        starter.start();
        assertTrue(starter.join(PATIENCE));
        assertEquals(List.of(ProviderTracker.class.getClassLoader()), seen);
        assertEquals(loader, kept.get());
    }

    @Test
    void doesNotLetAnInterruptedCallerWaitForWhoIsMadeAnew() throws Exception {
        beginAbsence();
        Thread.currentThread().interrupt();
        var failure = assertThrows(SlipwayException.class, () -> suppliers.lease(ONE));
        assertTrue(Thread.interrupted(), "the interrupt is lost");
        assertEquals(FailureCode.UNAVAILABLE, failure.code());
        assertTrue(failure.getMessage().contains("is being made anew"), failure.getMessage());
        Thread.currentThread().interrupt();
        assertThrows(SlipwayException.class, suppliers::leaseAll);
        assertTrue(Thread.interrupted(), "the interrupt is lost");
    }

    @Test
    void awaitsNobodyAnyMoreWhenItCloses() throws Exception {
        beginAbsence();
        assertEquals(Set.of(ONE), suppliers.ids());
        tracker.close();
        assertEquals(Set.of(), suppliers.ids());
        assertTrue(suppliers.find(ONE).isEmpty());
    }

    /** Takes a provider away alone, as the component runtime does that makes it anew. */
    @SuppressWarnings("unchecked") // an SPI with a type parameter, for the test only
    private void beginAbsence() {
        tracker.close();
        tracker = new ProviderTracker(framework.context(), PATIENCE, Duration.ofMinutes(10), changes::incrementAndGet);
        tracker.open();
        tracker.serve(Set.of(plugin));
        suppliers =
                (PluginSet<Supplier<String>>) (PluginSet<?>) new LivePluginSet<>(Supplier.class, tracker::generation);
        register("one", () -> "first").unregister();
    }

    private ServiceRegistration<?> register(String id, Supplier<String> provider) {
        return plugin.getBundleContext().registerService(Supplier.class, provider, property(id));
    }

    private static java.util.Dictionary<String, Object> property(String id) {
        return FrameworkUtil.asDictionary(Map.of(PluginId.PROPERTY, id));
    }

    private long inFlight() {
        return tracker.providersOf(plugin).leases();
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - end < 0, "not within " + PATIENCE);
            Thread.onSpinWait();
        }
    }
}
