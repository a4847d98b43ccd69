package io.slipway.plugin.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.plugin.testkit.sample.AloneInTheWorld;
import io.slipway.plugin.testkit.sample.Good;
import io.slipway.plugin.testkit.sample.LeavesALoader;
import io.slipway.plugin.testkit.sample.LeavesAThread;
import io.slipway.plugin.testkit.sample.LeavesAVirtualThread;
import io.slipway.plugin.testkit.sample.Leftover;
import io.slipway.plugin.testkit.sample.Mute;
import io.slipway.plugin.testkit.sample.SlowToStart;
import io.slipway.plugin.testkit.sample.SlowToStop;
import io.slipway.plugin.testkit.sample.StuckCheck;
import io.slipway.plugin.testkit.sample.Unfit;
import io.slipway.plugin.testkit.sample.UnfitOnceUsed;
import io.slipway.plugin.testkit.sample.WorksOnce;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A good plug-in passes, and none with a fault does. */
class PluginContractTest {

    private static final Rule TIMES = PluginContract::startsAndStopsInTime;
    private static final Rule RESTART = PluginContract::worksAgainAfterARestartOfItsBundle;
    private static final Rule CHECK = PluginContract::findsNothingWrongWithItself;
    private static final Rule BESIDE = PluginContract::standsBesideAnotherVersionOfItself;
    private static final Rule LEFT = PluginContract::leavesNothingBehind;
    private static final Rule IDENTITY = PluginContract::saysWhoItIs;
    private static final Rule EXPORTS = PluginContract::exportsNothing;

    @TempDir
    private Path folder;

    interface Rule {
        void check(PluginContract contract) throws Exception;
    }

    private static final class Contract extends PluginContract {

        private final Class<?> plugin;
        private final boolean isGood;

        Contract(Class<?> plugin, boolean isGood) {
            this.plugin = plugin;
            this.isGood = isGood;
        }

        @Override
        protected Class<?> pluginClass() {
            return plugin;
        }

        @Override
        protected void use(Object service) throws Exception {
            assertNotNull(((Callable<?>) service).call());
        }

        @Override
        Duration limit() {
            return isGood ? super.limit() : Duration.ofSeconds(1);
        }

        @Override
        Duration patience() {
            return isGood ? super.patience() : Duration.ofSeconds(1);
        }
    }

    @BeforeEach
    @AfterEach
    void endWhatWasLeft() {
        System.getProperties().keySet().removeIf(key -> key.toString().startsWith(Leftover.PREFIX));
        System.setProperty(Leftover.TEST, UUID.randomUUID().toString());
    }

    private void check(Rule rule, Class<?> component) throws Exception {
        var contract = new Contract(SampleBundle.of(component, folder.resolve("classes")), component == Good.class);
        contract.home = folder.resolve("home");
        contract.startFramework();
        try {
            rule.check(contract);
        } finally {
            contract.stopFramework();
        }
    }

    static List<Rule> all() {
        return List.of(TIMES, RESTART, CHECK, BESIDE, LEFT, IDENTITY, EXPORTS);
    }

    @ParameterizedTest
    @MethodSource("all")
    void aGoodOnePasses(Rule rule) throws Exception {
        check(rule, Good.class);
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(SlowToStart.class, TIMES, "starts too slowly"),
                Arguments.of(SlowToStop.class, TIMES, "stops too slowly"),
                Arguments.of(WorksOnce.class, RESTART, "components of"),
                Arguments.of(Mute.class, CHECK, "nobody can ask it"),
                Arguments.of(Unfit.class, CHECK, "it rains in"),
                Arguments.of(UnfitOnceUsed.class, CHECK, "worn out"),
                Arguments.of(StuckCheck.class, CHECK, "self-check of"),
                Arguments.of(AloneInTheWorld.class, BESIDE, "components of"),
                Arguments.of(LeavesAThread.class, LEFT, "left behind, left behind"),
                Arguments.of(LeavesAVirtualThread.class, LEFT, "virtual thread ''"),
                Arguments.of(LeavesALoader.class, LEFT, "class loaders left behind"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void findsEveryFault(Class<?> component, Rule rule, String words) {
        var failure = assertThrows(AssertionError.class, () -> check(rule, component));
        assertTrue(failure.getMessage().contains(words), failure::getMessage);
    }

    @Test
    void seesThreadsThatNoListOfTheJdkHas() throws Exception {
        var threads = new LiveThreads(folder);
        var before = threads.all().keySet();
        var virtual = Thread.ofVirtual().name("it's \"me\"").start(() -> sleep());
        var platform = Thread.ofPlatform().daemon().name("visible").start(() -> sleep());
        var since = threads.all();
        since.keySet().removeAll(before);
        assertEquals("virtual thread 'it's \"me\"'", since.get(virtual.threadId()));
        assertEquals("visible", since.get(platform.threadId()));
        virtual.interrupt();
        platform.interrupt();
        virtual.join();
        platform.join();
        assertFalse(threads.all().containsKey(virtual.threadId()));
    }

    private static void sleep() {
        try {
            Thread.sleep(Duration.ofMinutes(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
