package io.slipway.plugin.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.plugin.api.SelfCheck;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * {@code karaf.base} is a new folder, as that of a server is its home. Run it from the build that writes the manifest (bnd-maven-plugin).
 */
public abstract class PluginContract {

    /** As long as a server waits for a stop, unless its settings say otherwise. */
    private static final Duration LIMIT = Duration.ofSeconds(3);
    /** To start for the first time: classes are loaded, as slowly as a busy machine does it. */
    private static final Duration FIRST_LIMIT = Duration.ofSeconds(60);

    /** For what is left behind to go; a test that finds nothing waits for nothing. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int ROUNDS = 5;

    @TempDir
    Path home;

    private BuiltBundle built;
    private TestFramework framework;
    private LiveThreads threads;

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

    Duration limit() {
        return LIMIT;
    }

    Duration patience() {
        return PATIENCE;
    }

    @BeforeEach
    void startFramework() throws Exception {
        built = new BuiltBundle(pluginClass());
        framework = new TestFramework(home, built.imports());
        framework.configure(settings());
        threads = new LiveThreads(home);
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

    /** The second time is what counts: the first one loads classes, which takes as long as the machine is busy. */
    @Test
    void startsAndStopsInTime() throws Exception {
        var bundle = framework.install(built.write(home.resolve("1.0.0.jar"), "1.0.0"));
        for (var limit : List.of(FIRST_LIMIT, limit())) {
            assertTimeoutPreemptively(
                    limit,
                    () -> {
                        bundle.start();
                        framework.services(bundle);
                    },
                    "starts too slowly");
            useAll(bundle);
            assertTimeoutPreemptively(limit, () -> bundle.stop(), "stops too slowly");
        }
    }

    @Test
    void worksAgainAfterARestartOfItsBundle() throws Exception {
        var bundle = started("1.0.0");
        useAll(bundle);
        bundle.stop();
        bundle.start();
        useAll(bundle);
    }

    /** As a standby and when it was used: the platform asks before a swap and now and again while it serves. */
    @Test
    void findsNothingWrongWithItself() throws Exception {
        var bundle = started("1.0.0");
        assertFalse(framework.services(bundle).isEmpty(), "no component is active");
        checkAll(bundle);
        useAll(bundle);
        checkAll(bundle);
    }

    private void checkAll(Bundle bundle) {
        for (var service : framework.services(bundle)) {
            var check = assertInstanceOf(SelfCheck.class, service, "nobody can ask it whether it works");
            var found = assertTimeoutPreemptively(limit(), check::selfCheck, () -> "self-check of " + service);
            assertEquals(List.of(), found, () -> "self-check of " + service);
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
        var before = threads.all().keySet();
        var loaders = new ArrayList<WeakReference<ClassLoader>>();
        for (var round = 1; round <= ROUNDS; round++) {
            loaders.add(loaderOfOneLife(round));
        }
        await(() -> threadsSince(before).isEmpty());
        assertEquals(List.of(), threadsSince(before), "threads left behind");
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

    private List<String> threadsSince(Set<Long> before) throws IOException {
        var left = threads.all();
        left.keySet().removeAll(before);
        return List.copyOf(left.values());
    }

    private void await(Condition condition) throws Exception {
        var end = System.nanoTime() + patience().toNanos();
        while (!condition.holds() && System.nanoTime() - end < 0) {
            Thread.sleep(20);
        }
    }

    /** What is waited for. */
    private interface Condition {
        boolean holds() throws Exception;
    }
}
