package io.slipway.plugin.guard;

import static io.slipway.plugin.guard.GuardedFramework.bundle;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.startlevel.BundleStartLevel;

/** Nobody takes the guard away, neither for now nor for the next start. */
@Timeout(60)
class KeeperTest {

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

    /** Whether one guards at this very moment. */
    private void assertGuarded() throws Exception {
        var stranger = framework.install("file:/tmp/stranger.jar", bundle("stranger", "x"));
        assertEquals(Bundle.UNINSTALLED, stranger.getState());
    }

    /** Waits without an end of its own: the test has one. */
    private void awaitStarted() {
        while (framework.guard() == null
                || framework.guard().getState() != Bundle.ACTIVE
                || framework.guard().adapt(BundleStartLevel.class).getStartLevel() != 1) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void assertGuardedNowAndLater() throws Exception {
        assertGuarded();
        awaitStarted();
        assertGuarded();
        framework.restart();
        assertNotNull(framework.guard());
        assertEquals(Bundle.ACTIVE, framework.guard().getState());
        assertGuarded();
    }

    @Test
    void guardsOnWhenItsBundleIsStopped() throws Exception {
        framework.guard().stop();
        assertGuardedNowAndLater();
    }

    @Test
    void guardsOnWhenItsBundleIsUpdated() throws Exception {
        framework.guard().update(new ByteArrayInputStream(bundle("io.slipway.plugin.guard", "evil")));
        assertNull(framework.guard().getEntry("folder/content.txt"));
        assertGuardedNowAndLater();
    }

    @Test
    void guardsOnWhenItsBundleIsStoppedAndThenUpdated() throws Exception {
        framework.guard().stop();
        framework.guard().update(new ByteArrayInputStream(bundle("io.slipway.plugin.guard", "evil")));
        assertNull(framework.guard().getEntry("folder/content.txt"));
        assertGuardedNowAndLater();
    }

    @Test
    void guardsOnWhenItsBundleIsUninstalled() throws Exception {
        framework.guard().uninstall();
        assertGuardedNowAndLater();
    }

    @Test
    void leavesPluginsAloneWhenItsBundleIsInstalledAnew() throws Exception {
        var lifecycle = framework.install(GuardedFramework.LIFECYCLE, GuardedFramework.standIn());
        lifecycle.start();
        var plugin = framework.installBy(lifecycle, "slipway-plugin:acme/1.0.0/abc", bundle("org.acme.plugin", "x"));
        plugin.start();
        framework.guard().uninstall();
        awaitStarted();
        assertEquals(Bundle.ACTIVE, plugin.getState());
    }

    @Test
    void startsFirstAgainWhenItsBundleIsToStartLate() throws Exception {
        framework.guard().adapt(BundleStartLevel.class).setStartLevel(50);
        assertGuardedNowAndLater();
    }

    @Test
    void startsFirstAgainWhenItsBundleIsNotToStartAtAll() throws Exception {
        framework.guard().adapt(BundleStartLevel.class).setStartLevel(90);
        assertGuardedNowAndLater();
    }

    @Test
    void leavesNothingOfAnEarlierGuardBehind() throws Exception {
        for (var i = 0; i < 5; i++) {
            framework.guard().uninstall();
            awaitStarted();
        }
        while (hooks() > 1) {
            LockSupport.parkNanos(1_000_000); // the earlier one goes when the next has started
        }
        assertEquals(1, hooks());
        assertGuarded();
    }

    private int hooks() throws Exception {
        return framework
                .guard()
                .getBundleContext()
                .getAllServiceReferences("org.osgi.framework.hooks.resolver.ResolverHookFactory", null)
                .length;
    }
}
