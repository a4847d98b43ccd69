package io.slipway.plugin.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginStatus.State;
import io.slipway.plugin.api.Plugins;
import io.slipway.plugin.api.SelfCheck;
import io.slipway.plugin.lifecycle.sample.Sceptic;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.util.tracker.ServiceTracker;

@Timeout(60)
class SelfChecksTest {

    private static final PluginId ID = new PluginId("acme");

    @TempDir
    private Path home;

    private List<String> said = List.of();
    private Optional<String> failure = Optional.empty();
    private final Bundle bundle = (Bundle) Proxy.newProxyInstance(
            Bundle.class.getClassLoader(),
            new Class<?>[] {Bundle.class},
            (proxy, method, arguments) -> switch (method.getName()) {
                case "equals" -> System.identityHashCode(proxy) == System.identityHashCode(arguments[0]);
                case "hashCode" -> 1;
                default -> "acme";
            });
    private List<InstalledPlugin> plugins = List.of(new InstalledPlugin(ID, Version.parseVersion("1"), bundle, ""));
    private final List<Runnable> hanging = new ArrayList<>();
    private final SelfCheck check = () -> said;
    private final SelfChecks checks = new SelfChecks(() -> plugins, any -> List.of(check), (id, code) -> {
        if (failure.isPresent()) {
            hanging.add(code);
        } else {
            code.run();
        }
        return failure;
    });

    @Test
    void tellsWhatAPluginFoundLast() throws Exception {
        checks.ask();
        assertEquals("", checks.faultOf(bundle));
        said = List.of("the engine does not answer", "its folder is gone");
        checks.ask();
        assertEquals("its self-check fails: the engine does not answer; its folder is gone", checks.faultOf(bundle));
        said = List.of();
        checks.ask();
        assertEquals("", checks.faultOf(bundle));
    }

    @Test
    void asksOneThatHangsNotAgainBeforeItHasReturned() throws Exception {
        failure = Optional.of("its self-check has not ended within 10 s");
        checks.ask();
        assertEquals("its self-check fails: " + failure.get(), checks.faultOf(bundle));
        checks.ask();
        assertEquals(1, hanging.size(), "asked again");
        hanging.getFirst().run();
        failure = Optional.empty();
        checks.ask();
        assertEquals("", checks.faultOf(bundle));
    }

    @Test
    void forgetsWhatIsNotInUseAnyMore() throws Exception {
        said = List.of("the engine does not answer");
        checks.ask();
        plugins = List.of();
        checks.ask();
        assertEquals("", checks.faultOf(bundle));
    }

    @Test
    void doesNotStartWhenItWasStoppedBefore() {
        checks.stop();
        assertFalse(checks.start(Duration.ofSeconds(30)));
    }

    /** In a real framework: what serves is asked at the boot, and its status says what it answered. */
    @Test
    void statusSaysThatTheSelfCheckFails() throws Exception {
        var framework = new FrameworkFixture(home.resolve("cache"));
        var boot = new PluginBoot(
                framework.context(),
                framework.startComponentRuntime(),
                framework.configurations(),
                new TestVerifier(),
                SwapLimits.USUAL,
                ProbationLimits.USUAL.window());
        SampleBundle.of("test.acme", "1.0.0")
                .supplier("acme", Sceptic.class, "", "")
                .header(Constants.IMPORT_PACKAGE, "io.slipway.plugin.api")
                .write(home.resolve("plugins/acme/1.0.0.jar"));
        boot.start();
        var tracker = new ServiceTracker<Plugins, Plugins>(framework.context(), Plugins.class, null);
        tracker.open();
        try {
            var service = tracker.waitForService(20_000);
            var status = service.statuses().getFirst();
            while (status.reason().isEmpty()) {
                LockSupport.parkNanos(10_000_000);
                status = service.statuses().getFirst();
            }
            assertEquals("its self-check fails: the device does not answer", status.reason());
            assertEquals(State.ACTIVE, status.state());
        } finally {
            tracker.close();
            boot.stop();
            framework.close();
        }
    }
}
