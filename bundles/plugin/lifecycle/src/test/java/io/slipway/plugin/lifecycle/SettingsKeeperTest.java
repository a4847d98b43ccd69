package io.slipway.plugin.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.plugin.lifecycle.sample.Strict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationListener;

/** Settings of a component change while it runs, in a real framework with the real component runtime. */
class SettingsKeeperTest {

    private static final String PID = "io.slipway.strict";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private FrameworkFixture framework;
    private ConfigurationAdmin admin;
    private SettingsKeeper keeper;

    @BeforeEach
    void start() throws Exception {
        framework = new FrameworkFixture(folder.resolve("cache"));
        admin = framework.configurations();
        framework.startComponentRuntime();
        keeper = new SettingsKeeper(admin, framework.components());
        framework.context().registerService(ConfigurationListener.class, keeper, null);
    }

    @AfterEach
    void stop() throws Exception {
        keeper.stop();
        framework.close();
    }

    @Test
    void aBadLaterValueLeavesTheOldOneInForce() throws Exception {
        set("5");
        startComponent();
        keeper.start();
        awaitPitch(5);

        set("a typo");
        Wait.until(LIMIT, () -> "5".equals(pitchOfSettings()));
        awaitPitch(5);

        set("6");
        awaitPitch(6);
        assertEquals("6", pitchOfSettings());
    }

    @Test
    void aGoodLaterValueIsWhatTheNextBadOneFallsBackTo() throws Exception {
        set("5");
        startComponent();
        keeper.start();
        set("6");
        awaitPitch(6);
        assertTrue(Wait.until(LIMIT, () -> "6".equals(keeper.proven(PID).get("pitch"))));
        set("-");
        Wait.until(LIMIT, () -> "6".equals(pitchOfSettings()));
        awaitPitch(6);
    }

    @Test
    void withoutSettingsBeforeTheDefaultsHoldOn() throws Exception {
        startComponent();
        keeper.start();
        awaitPitch(7);
        set("a typo");
        Wait.until(LIMIT, () -> pitchOfSettings() == null);
        assertNull(pitchOfSettings());
        awaitPitch(7);
    }

    @Test
    void aBadFirstValueKeepsTheComponentOffUntilItIsCorrected() throws Exception {
        set("a typo");
        startComponent();
        keeper.start();
        set("another typo");
        set("8");
        awaitPitch(8);
        assertEquals("8", pitchOfSettings());
    }

    private void startComponent() throws Exception {
        var jar = folder.resolve("strict.jar");
        SampleBundle.of("test.strict", "1.0.0")
                .supplier("strict", Strict.class, "init='1' immediate='true' configuration-pid='" + PID + "'", "")
                .write(jar);
        framework.context().installBundle(jar.toUri().toString()).start();
    }

    private void set(String pitch) throws IOException {
        admin.getConfiguration(PID, "?").update(FrameworkUtil.asDictionary(Map.of("pitch", pitch)));
    }

    private Object pitchOfSettings() {
        try {
            var found = admin.listConfigurations("(service.pid=" + PID + ")");
            return found == null ? null : found[0].getProperties().get("pitch");
        } catch (IOException | InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private void awaitPitch(int wanted) {
        assertTrue(Wait.until(LIMIT, () -> wanted == pitch()), () -> "pitch is " + pitch());
    }

    private int pitch() {
        var context = framework.context();
        var reference = context.getServiceReference(Supplier.class);
        var service = reference == null ? null : context.getService(reference);
        return service == null ? -1 : (Integer) service.get();
    }
}
