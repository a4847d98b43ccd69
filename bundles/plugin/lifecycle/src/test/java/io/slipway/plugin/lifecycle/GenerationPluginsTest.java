package io.slipway.plugin.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginSet;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

class GenerationPluginsTest {

    private static final PluginId ONE = new PluginId("one");
    private static final PluginId TWO = new PluginId("two");

    @TempDir
    private Path folder;

    private final AtomicInteger changes = new AtomicInteger();
    private FrameworkFixture framework;
    private GenerationBuilder builder;
    private PluginSet<Supplier<String>> suppliers;

    @BeforeEach
    @SuppressWarnings("unchecked") // an SPI with a type parameter, for the test only
    void startFramework() throws Exception {
        framework = new FrameworkFixture(folder.resolve("cache"));
        builder = new GenerationBuilder(framework.context(), changes::incrementAndGet);
        builder.open();
        suppliers = (PluginSet<Supplier<String>>)
                (PluginSet<?>) new GenerationPlugins(builder, new TreeMap<>()).set(Supplier.class);
    }

    @AfterEach
    void stopFramework() throws Exception {
        builder.close();
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
        }
        assertEquals(2, changes.get());
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
        framework.context().registerService(Supplier.class, () -> "none", null);

        assertTrue(suppliers.ids().isEmpty());
    }

    @Test
    void leasesAllOfOneGeneration() {
        register("one", () -> "first");
        register("two", () -> "second");

        var leases = suppliers.leaseAll();
        assertEquals(
                List.of("first", "second"),
                leases.stream().map(lease -> lease.get().get()).toList());
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
    void keepsALeaseUsableAfterItsProviderLeftTheGeneration() {
        Supplier<String> provider = () -> "first";
        var registration = register("one", provider);
        try (var lease = suppliers.lease(ONE)) {
            registration.unregister();
            assertSame(provider, lease.get());
            assertTrue(suppliers.find(ONE).isEmpty());
        }
    }

    private ServiceRegistration<?> register(String id, Supplier<String> provider) {
        var properties = FrameworkUtil.asDictionary(Map.of(PluginId.PROPERTY, id));
        return framework.context().registerService(Supplier.class, provider, properties);
    }

    private long inFlight() {
        return builder.providers().values().stream()
                .mapToLong(provider -> provider.uses().inFlight())
                .sum();
    }
}
