package io.slipway.config.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.slipway.config.spi.ConfigStore;
import io.slipway.config.spi.ConfigStoreException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link ConfigStore} does. */
@org.jspecify.annotations.NullUnmarked // the test framework fills the fields
public abstract class ConfigStoreContract {

    private static final long PATIENCE_SECONDS = 5;

    @TempDir
    private Path folder;

    private ConfigStore store;

    /** For subclasses. */
    protected ConfigStoreContract() {}

    /** Opens the store whose data are, or will be, in a folder. */
    protected abstract ConfigStore open(Path folder) throws Exception;

    /** Closes a store as a stop of the system would. */
    protected abstract void close(ConfigStore store) throws Exception;

    @BeforeEach
    void openStore() throws Exception {
        store = open(folder);
    }

    @AfterEach
    void closeStore() throws Exception {
        close(store);
    }

    @Test
    void givesBackWhatWasPut() throws ConfigStoreException {
        store.put(Map.of("a/b", "1", "a/ü", "zwei\nZeilen"));
        assertEquals(Optional.of("zwei\nZeilen"), store.get("a/ü"));
        assertEquals(Optional.empty(), store.get("a"));
    }

    @Test
    void listsByPrefixInOrder() throws ConfigStoreException {
        store.put(Map.of("a/2", "y", "a/1", "x", "ab", "z", "b", "n"));
        assertEquals(List.of("a/1", "a/2"), List.copyOf(store.list("a/").keySet()));
        assertEquals(4, store.list("").size());
    }

    @Test
    void deletesOneOrAPrefix() throws ConfigStoreException {
        store.put(Map.of("a/1", "x", "a/2", "y", "b", "z"));
        assertEquals(0, store.delete("a/", false));
        assertEquals(1, store.delete("b", false));
        assertEquals(2, store.delete("a/", true));
        assertEquals(Map.of(), store.list(""));
    }

    @Test
    void keepsAllOverARestart() throws Exception {
        store.put(Map.of("kept", "yes", "gone", "x"));
        store.delete("gone", false);
        close(store);
        store = open(folder);
        assertEquals(Map.of("kept", "yes"), store.list(""));
    }

    @Test
    void tellsWatchersEachChangeOnceInOrder() throws Exception {
        var told = new LinkedBlockingQueue<String>();
        try (var _ = store.watch("w/", (key, value) -> told.add(key + "=" + value))) {
            var expected = new ArrayList<String>();
            for (var i = 0; i < 50; i++) {
                store.put(Map.of("w/key", Integer.toString(i), "other", "x"));
                expected.add("w/key=" + i);
            }
            store.delete("w/key", false);
            expected.add("w/key=null");
            assertEquals(expected, take(told, expected.size()));
        }
        assertNull(told.poll(), "told something twice");
    }

    @Test
    void tellsAClosedWatchNothing() throws Exception {
        var told = new LinkedBlockingQueue<String>();
        var open = new LinkedBlockingQueue<String>();
        var closed = store.watch("", (key, value) -> told.add(key));
        closed.close();
        try (var _ = store.watch("", (key, value) -> open.add(key))) {
            store.put(Map.of("k", "v"));
            take(open, 1);
        }
        assertEquals(0, told.size());
    }

    @Test
    void losesNoConcurrentPut() throws Exception {
        var threads = IntStream.range(0, 8)
                .mapToObj(t -> Thread.ofVirtual().start(() -> putMany(t)))
                .toList();
        for (var thread : threads) {
            thread.join();
        }
        assertEquals(8 * 20, store.list("t").size());
    }

    private void putMany(int thread) {
        for (var i = 0; i < 20; i++) {
            try {
                store.put(Map.of("t" + thread + "/" + i, "v"));
            } catch (ConfigStoreException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static List<String> take(BlockingQueue<String> queue, int count) throws InterruptedException {
        var taken = new ArrayList<String>();
        for (var i = 0; i < count; i++) {
            var next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                break;
            }
            taken.add(next);
        }
        return Collections.unmodifiableList(taken);
    }
}
