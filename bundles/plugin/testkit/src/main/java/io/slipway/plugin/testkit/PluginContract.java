package io.slipway.plugin.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.plugin.api.SelfCheck;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.osgi.framework.wiring.BundleWiring;

/**
 * What every plug-in's bundle does, so that it can be swapped: it says who it is, checks itself, starts and stops in time,
 * stands two versions beside each other and leaves nothing behind.
 *
 * <p>The bundle is made of the module's own built classes and runs with its default settings, or those of {@link #settings}, in a real framework whose
 * {@code slipway.home} is a new folder. Run it from the build that writes the manifest (bnd-maven-plugin).
 */
public abstract class PluginContract {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int ROUNDS = 5;

    @TempDir
    private Path home;

    private BuiltBundle built;
    private TestFramework framework;

    /** For subclasses. */
    protected PluginContract() {}

    /** Returns a class of the plug-in's own code. */
    protected abstract Class<?> pluginClass();

    /**
     * Uses the plug-in as the platform would, at best so that whatever it caches or starts on use is there.
     *
     * @param service a service of it; of the same type that the test sees
     * @throws Exception if it does not work; the test fails
     */
    protected abstract void use(Object service) throws Exception;

    /**
     * Returns settings for the plug-in's components, PID to setting to value; none unless a test says otherwise.
     *
     * @throws Exception if what they name cannot be made; the test fails
     */
    protected Map<String, Map<String, Object>> settings() throws Exception {
        return Map.of();
    }

    @BeforeEach
    void startFramework() throws Exception {
        built = new BuiltBundle(pluginClass());
        framework = new TestFramework(home, built.imports());
        framework.configure(settings());
    }

    @AfterEach
    void stopFramework() throws Exception {
        framework.close();
    }

    @Test
    void saysWhoItIs() {
        assertNotNull(built.header("Bundle-SymbolicName"), "Bundle-SymbolicName");
        assertFalse(
                Version.parseVersion(built.header("Bundle-Version")).equals(Version.emptyVersion), "Bundle-Version");
        assertFalse(built.components().isEmpty(), "no component: nothing to offer");
        built.components()
                .forEach(component ->
                        assertTrue(component.contains("slipway.plugin.id"), "no plug-in id: " + component));
    }

    @Test
    void exportsNothing() {
        assertNull(built.header("Export-Package"), "what it exports would tie others to this version");
        assertNull(built.header("DynamicImport-Package"), "what it imports must be known before it is installed");
    }

    @Test
    void startsAndStopsInTime() throws Exception {
        var begun = System.nanoTime();
        var bundle = started("1.0.0");
        assertTrue(since(begun).compareTo(LIMIT) < 0, () -> "started after " + since(begun));
        useAll(bundle);
        var ending = System.nanoTime();
        bundle.stop();
        assertTrue(since(ending).compareTo(LIMIT) < 0, () -> "stopped after " + since(ending));
    }

    @Test
    void worksAgainAfterARestartOfItsBundle() throws Exception {
        var bundle = started("1.0.0");
        useAll(bundle);
        bundle.stop();
        bundle.start();
        useAll(bundle);
    }

    @Test
    void findsNothingWrongWithItself() throws Exception {
        for (var service : framework.services(started("1.0.0"))) {
            if (service instanceof SelfCheck check) {
                assertEquals(List.of(), assertTimeout(LIMIT, check::selfCheck), () -> "self-check of " + service);
            }
        }
    }

    @Test
    void standsBesideAnotherVersionOfItself() throws Exception {
        var old = started("1.0.0");
        useAll(old);
        var young = started("1.1.0");
        useAll(young);
        useAll(old);
        framework.remove(old, 10);
        useAll(young);
    }

    @Test
    void leavesNothingBehind() throws Exception {
        loaderOfOneLife(0); // what the class path itself starts once does not count
        var before = threads();
        var loaders = new ArrayList<WeakReference<ClassLoader>>();
        for (var round = 1; round <= ROUNDS; round++) {
            loaders.add(loaderOfOneLife(round));
        }
        await(() -> threadsSince(before).isEmpty());
        assertEquals(Set.of(), threadsSince(before), "threads left behind");
        await(() -> alive(loaders) == 0);
        assertEquals(0, alive(loaders), "class loaders left behind after " + ROUNDS + " lives");
    }

    // a method of its own, so that no local variable holds the bundle
    private WeakReference<ClassLoader> loaderOfOneLife(int round) throws Exception {
        var bundle = started("1.0." + round);
        useAll(bundle);
        var loader = new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader());
        framework.remove(bundle, 10);
        return loader;
    }

    private Bundle started(String version) throws Exception {
        return framework.start(built.write(home.resolve(version + ".jar"), version));
    }

    private void useAll(Bundle bundle) throws Exception {
        var services = framework.services(bundle);
        assertEquals(built.components().size(), services.size(), () -> "components of " + bundle + " that are active");
        for (var service : services) {
            use(service);
        }
    }

    private static long alive(List<WeakReference<ClassLoader>> loaders) {
        System.gc();
        return loaders.stream().filter(loader -> loader.get() != null).count();
    }

    private static Set<String> threadsSince(Set<Thread> before) {
        var left = new HashSet<>(threads());
        left.removeAll(before);
        return left.stream().map(Thread::getName).collect(Collectors.toSet());
    }

    private static Set<Thread> threads() {
        return Set.copyOf(Thread.getAllStackTraces().keySet());
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    private static void await(Condition condition) throws InterruptedException {
        var begun = System.nanoTime();
        while (!condition.holds() && since(begun).compareTo(LIMIT) < 0) {
            Thread.sleep(20);
        }
    }

    /** What is waited for. */
    private interface Condition {
        boolean holds();
    }
}
