package io.slipway.plugin.guard;

import static io.slipway.plugin.guard.GuardedFramework.LIFECYCLE;
import static io.slipway.plugin.guard.GuardedFramework.SHIPPED;
import static io.slipway.plugin.guard.GuardedFramework.bundle;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** In a real framework. */
@Timeout(60)
class GuardTest {

    private static final String PLUGIN = "slipway-plugin:acme/1.0.0/abc";

    @TempDir
    Path home;

    private GuardedFramework framework;

    @BeforeEach
    void start() throws Exception {
        framework = new GuardedFramework(home);
    }

    @AfterEach
    void stop() throws Exception {
        framework.stop();
    }

    private Bundle lifecycle() throws Exception {
        var lifecycle = framework.install(LIFECYCLE, GuardedFramework.standIn());
        lifecycle.start();
        return lifecycle;
    }

    private static void assertRefused(Bundle bundle) {
        assertEquals(Bundle.UNINSTALLED, bundle.getState(), bundle::getLocation);
        assertThrows(IllegalStateException.class, bundle::start, bundle.getLocation());
    }

    private static String content(Bundle bundle) throws IOException {
        try (var content = bundle.getEntry("folder/content.txt").openStream()) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void startsWhatTheDistributionBrought() throws Exception {
        var shipped = framework.install(SHIPPED, bundle("org.acme.shipped", "shipped"));
        shipped.start();
        assertEquals(Bundle.ACTIVE, shipped.getState());
        framework.restart();
        assertEquals(Bundle.ACTIVE, framework.find(SHIPPED).getState());
    }

    @Test
    void startsNothingElseUnderALocationOfTheDistribution() throws Exception {
        assertRefused(framework.install(SHIPPED, bundle("org.acme.shipped", "evil")));
        assertRefused(framework.install(SHIPPED, bundle("org.acme.evil", "shipped")));
    }

    @Test
    void startsWhatThePluginLifecycleInstalled() throws Exception {
        var plugin = framework.installBy(lifecycle(), PLUGIN, bundle("org.acme.plugin", "x"));
        plugin.start();
        assertEquals(Bundle.ACTIVE, plugin.getState());
        framework.restart();
        assertEquals(Bundle.ACTIVE, framework.find(PLUGIN).getState());
    }

    @Test
    void startsNothingThatOnlyItsLocationCallsAPlugin() throws Exception {
        assertRefused(framework.install(PLUGIN, bundle("org.acme.plugin", "x")));
        var content = new ByteArrayInputStream(bundle("org.acme.plugin", "x"));
        assertRefused(lifecycle().getBundleContext().installBundle(PLUGIN, content));
    }

    @Test
    void startsNothingThatCodeUnderTheLifecyclesNameInstalls() throws Exception {
        framework.allowUnsigned(true);
        var other = framework.install("file:/tmp/" + LIFECYCLE, GuardedFramework.standIn());
        other.start();
        framework.allowUnsigned(false);
        assertRefused(framework.installBy(other, PLUGIN, bundle("org.acme.plugin", "x")));
    }

    @Test
    void startsNothingElse() throws Exception {
        for (var location : new String[] {
            "file:/tmp/x.jar",
            "reference:file:/tmp/x.jar",
            "http://example.org/x.jar",
            "mvn:org.acme/other/1.0.0",
            "mvn:org.acme/../1.0.0",
            "mvn:http://example.org!org.acme/shipped/1.0.0",
            "wrap:mvn:org.acme/shipped/1.0.0",
            "inputstream:x"
        }) {
            assertRefused(framework.install(location, bundle("x" + location.hashCode(), "x")));
        }
    }

    @Test
    void attachesNoFragmentOfAStranger() throws Exception {
        var fragment = framework.install("file:/tmp/f.jar", bundle("f", "x", "Fragment-Host: org.acme.shipped"));
        framework.install(SHIPPED, bundle("org.acme.shipped", "shipped")).start();
        assertEquals(Bundle.UNINSTALLED, fragment.getState());
    }

    @Test
    void givesABundleOfTheDistributionItsContentBack() throws Exception {
        var shipped = framework.install(SHIPPED, bundle("org.acme.shipped", "shipped"));
        shipped.start();
        shipped.update(new ByteArrayInputStream(bundle("org.acme.shipped", "evil")));
        assertEquals(Bundle.ACTIVE, shipped.getState());
        assertEquals("shipped", content(shipped));
    }

    @Test
    void letsABundleOfTheDistributionBeUpdatedFromItsFile() throws Exception {
        var shipped = framework.install(SHIPPED, bundle("org.acme.shipped", "shipped"));
        shipped.start();
        shipped.update(Files.newInputStream(framework.file(SHIPPED)));
        assertEquals(Bundle.ACTIVE, shipped.getState());
    }

    @Test
    void startsAnythingInDevelopmentModeAndNoMoreAfterwards() throws Exception {
        framework.allowUnsigned(true);
        var bundle = framework.install("file:/tmp/x.jar", bundle("x", "x"));
        bundle.start();
        assertEquals(Bundle.ACTIVE, bundle.getState());
        framework.allowUnsigned(false);
        framework.restart();
        assertNull(framework.find("file:/tmp/x.jar"));
    }

    @Test
    void putsRightAfterDevelopmentModeWhatWasReplacedInIt() throws Exception {
        var shipped = framework.install(SHIPPED, bundle("org.acme.shipped", "shipped"));
        framework.allowUnsigned(true);
        shipped.update(new ByteArrayInputStream(bundle("org.acme.shipped", "evil")));
        framework.installBy(lifecycle(), PLUGIN, bundle("org.acme.plugin", "unsigned"));
        assertEquals("evil", content(shipped));
        framework.allowUnsigned(false);
        framework.restart();
        assertEquals("shipped", content(framework.find(SHIPPED)));
        assertNull(framework.find(PLUGIN), "the lifecycle installs it again if it is in order");
    }
}
