package io.slipway.plugin.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Threads of a plug-in are told by their context class loader, virtual ones too. */
class LiveThreadsTest {

    @Test
    void takesNoThreadOfTheComponentRuntimeForTheirs() throws Exception {
        var end = new CountDownLatch(1);
        var loader = new ClassLoader() {};
        for (var builder : new Thread.Builder[] {Thread.ofPlatform().daemon(), Thread.ofVirtual()}) {
            for (var name : List.of("SCR Component Registry", "of a plug-in")) {
                var thread = builder.name(name).unstarted(() -> awaitQuietly(end));
                thread.setContextClassLoader(loader);
                thread.start();
            }
        }
        assertEquals(List.of("of a plug-in", "of a plug-in"), PluginBundles.threadsOf(loader));
        end.countDown();
        assertTrue(Wait.until(
                Duration.ofSeconds(60), () -> PluginBundles.threadsOf(loader).isEmpty()));
    }

    private static void awaitQuietly(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void findsVirtualThreadsOfExecutors() {
        var end = new CountDownLatch(1);
        var loader = new ClassLoader() {};
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            executor.execute(() -> {
                Thread.currentThread().setContextClassLoader(loader);
                awaitQuietly(end);
            });
            assertTrue(Wait.until(
                    Duration.ofSeconds(60),
                    () -> !PluginBundles.threadsOf(loader).isEmpty()));
            var names = PluginBundles.threadsOf(loader);
            assertTrue(names.getFirst().startsWith("virtual thread "), names::toString);
            end.countDown();
        }
        assertEquals(List.of(), PluginBundles.threadsOf(loader));
    }
}
