package io.slipway.plugin.lifecycle;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.helpers.NOPLogger;

/** What the logging of the distribution remembers of a bundle; {@link SwapTest} asks for the framework's part. */
class RetiredBundlesTest {

    @TempDir
    private Path folder;

    /** Has the fields of Pax Logging's factory. */
    private static final class PaxLike implements ILoggerFactory {

        private final Loggers m_paxLogging = new Loggers();

        @Override
        public Logger getLogger(String name) {
            return NOPLogger.NOP_LOGGER;
        }
    }

    private static final class Loggers {
        private final Map<String, Object> m_loggers = new HashMap<>();
    }

    @Test
    void forgetsTheLoggersOfABundleAndNoOther() throws Exception {
        var framework = new FrameworkFixture(folder.resolve("cache"));
        try {
            var bundle = framework.startPlugin(folder, "one", "1.0.0");
            var factory = new PaxLike();
            var own = "facade#some.Category#" + bundle.getBundleId();
            var other = "facade#some.Category#" + bundle.getBundleId() + "1";
            factory.m_paxLogging.m_loggers.put(own, own);
            factory.m_paxLogging.m_loggers.put(other, other);
            bundle.uninstall();

            new RetiredBundles(framework.context().getBundle(0), factory).forget(bundle);

            assertEquals(Set.of(other), factory.m_paxLogging.m_loggers.keySet());
        } finally {
            framework.close();
        }
    }

    @Test
    void leavesOthersAloneThatRememberNothing() throws Exception {
        var framework = new FrameworkFixture(folder.resolve("cache"));
        try {
            var bundle = framework.startPlugin(folder, "one", "1.0.0");
            assertDoesNotThrow(() -> new RetiredBundles(bundle, name -> NOPLogger.NOP_LOGGER).forget(bundle));
        } finally {
            framework.close();
        }
    }
}
