package io.slipway.config.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.config.spi.ConfigStore;
import io.slipway.config.spi.ConfigStoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link ConfigStore} does. */
@org.jspecify.annotations.NullUnmarked // the test framework fills the fields
public abstract class ConfigStoreContract {

    private static final long PATIENCE_SECONDS = 5;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private ConfigStore store;

    /** For subclasses. */
    protected ConfigStoreContract() {}

    /** Opens the store whose data are, or will be, in a folder. */
    protected abstract ConfigStore open(Path folder) throws Exception;

    /** Closes a store as a stop of the system would. */
    protected abstract void close(ConfigStore store) throws Exception;

    Duration limit() {
        return LIMIT;
    }

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
        store.put(Map.of("a/b", "", "a/c", "3"));
        assertEquals(Optional.of(""), store.get("a/b"));
    }

    @Test
    void listsByPrefixInOrder() throws ConfigStoreException {
        store.put(Map.of("a/2", "y", "a/1", "x", "ab", "z", "b", "n"));
        assertEquals(List.of("a/1", "a/2"), List.copyOf(store.list("a/").keySet()));
        assertEquals(4, store.list("").size());
        assertEquals(Map.of(), store.list("nothing/"));
    }

    @Test
    void listsTenThousandAndNoMore() throws ConfigStoreException {
        for (var from = 0; from < 10_000; from += 100) {
            var pairs = new HashMap<String, String>();
            IntStream.range(from, from + 100).forEach(i -> pairs.put("many/" + i, "v"));
            store.put(pairs);
        }
        assertEquals(10_000, store.list("many/").size());
        store.put(Map.of("many/more", "v"));
        assertThrows(ConfigStoreException.class, () -> store.list("many/"));
        assertEquals(10_001, store.delete("many/", true));
    }

    @Test
    void deletesOneOrAPrefix() throws ConfigStoreException {
        store.put(Map.of("a/1", "x", "a/2", "y", "b", "z"));
        assertEquals(0, store.delete("a/", false));
        assertEquals(1, store.delete("b", false));
        assertEquals(0, store.delete("b", false));
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
    void showsAPutAsAWhole() throws Exception {
        store.put(Map.of("pair/a", "0", "pair/b", "0"));
        var writer = Thread.ofVirtual()
                .start(() -> IntStream.range(1, 100)
                        .mapToObj(Integer::toString)
                        .forEach(value -> unchecked(() -> store.put(Map.of("pair/a", value, "pair/b", value)))));
        while (writer.isAlive()) {
            var pair = store.list("pair/");
            assertEquals(pair.get("pair/a"), pair.get("pair/b"), "a reader saw a put by half");
        }
        writer.join();
    }

    @Test
    void losesNoConcurrentPut() throws Exception {
        var threads = IntStream.range(0, 8)
                .mapToObj(t -> Thread.ofVirtual()
                        .start(() -> IntStream.range(0, 20)
                                .forEach(i -> unchecked(() -> store.put(Map.of("t" + t + "/" + i, "v"))))))
                .toList();
        for (var thread : threads) {
            thread.join();
        }
        assertEquals(8 * 20, store.list("t").size());
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
    void tellsAWatchNothingFromBefore() throws Exception {
        store.put(Map.of("w/before", "x"));
        var told = new LinkedBlockingQueue<String>();
        try (var _ = store.watch("w/", (key, value) -> told.add(key))) {
            store.put(Map.of("w/after", "y"));
            assertEquals(List.of("w/after"), take(told, 1));
        }
    }

    @Test
    void tellsEveryKeyOfADeletedPrefix() throws Exception {
        store.put(Map.of("w/1", "x", "w/2", "y", "v", "z"));
        var told = new LinkedBlockingQueue<String>();
        try (var _ = store.watch("", (key, value) -> told.add(key + "=" + value))) {
            store.delete("w/", true);
            assertEquals(
                    List.of("w/1=null", "w/2=null"),
                    take(told, 2).stream().sorted().toList());
        }
    }

    @Test
    void tellsOthersThoughOneListenerFails() throws Exception {
        var told = new LinkedBlockingQueue<String>();
        var failed = new LinkedBlockingQueue<String>();
        try (var _ = store.watch("", (key, value) -> {
                    failed.add(key);
                    throw new IllegalStateException("on purpose");
                });
                var _ = store.watch("", (key, value) -> told.add(key))) {
            store.put(Map.of("1", "x"));
            store.put(Map.of("2", "x"));
            assertEquals(List.of("1", "2"), take(told, 2));
            assertEquals(List.of("1", "2"), take(failed, 2), "a listener that failed hears the next change");
        }
    }

    @Test
    void tellsAClosedWatchNothing() throws Exception {
        var told = new LinkedBlockingQueue<String>();
        var open = new LinkedBlockingQueue<String>();
        var closed = store.watch("", (key, value) -> told.add(key));
        closed.close();
        closed.close();
        try (var _ = store.watch("", (key, value) -> open.add(key))) {
            store.put(Map.of("k", "v"));
            take(open, 1);
        }
        assertEquals(0, told.size());
    }

    @Test
    void closesAWatchOnlyWhenItsListenerHasReturned() throws Exception {
        var entered = new CountDownLatch(1);
        var mayReturn = new CountDownLatch(1);
        var watch = store.watch("", (key, value) -> {
            entered.countDown();
            awaitQuietly(mayReturn, Duration.ofSeconds(PATIENCE_SECONDS));
        });
        store.put(Map.of("k", "v"));
        assertTrue(entered.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
        var closing = Thread.ofVirtual().start(watch::close);
        assertFalse(closing.join(Duration.ofMillis(100)), "closed while the listener runs");
        mayReturn.countDown();
        assertTrue(closing.join(Duration.ofSeconds(PATIENCE_SECONDS)));
    }

    @Test
    void letsAListenerCloseItsOwnWatch() throws Exception {
        var told = new LinkedBlockingQueue<String>();
        var own = new AtomicReference<ConfigStore.Watch>();
        own.set(store.watch("", (key, value) -> {
            own.get().close();
            told.add(key);
        }));
        store.put(Map.of("1", "x"));
        assertEquals(List.of("1"), take(told, 1));
        store.put(Map.of("2", "x"));
        assertNull(told.poll(100, TimeUnit.MILLISECONDS));
    }

    @Test
    void aRepeatedCallChangesNothing() throws Exception {
        var pairs = Map.of("r/1", "x", "r/2", "y");
        store.put(pairs);
        store.put(pairs);
        assertEquals(pairs, store.list("r/"));
        store.put(Map.of("r/1", "x"));
        assertEquals(pairs, store.list("r/"), "a put of one key changed another");
        assertEquals(2, store.delete("r/", true));
        assertEquals(0, store.delete("r/", true));
        assertEquals(0, store.delete("r/1", false));
        close(store);
        store = open(folder);
        assertEquals(Map.of(), store.list("r/"));
    }

    @Test
    void answersInTimeThoughAListenerHangs() throws Exception {
        var entered = new CountDownLatch(1);
        var mayReturn = new CountDownLatch(1);
        var watch = store.watch("", (key, value) -> {
            entered.countDown();
            awaitQuietly(mayReturn, limit().multipliedBy(2));
        });
        try {
            assertTimeoutPreemptively(limit(), () -> store.put(Map.of("k", "first")), "a put waits for a listener");
            assertTrue(entered.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
            assertTimeoutPreemptively(
                    limit(),
                    () -> {
                        store.put(Map.of("k", "second"));
                        assertEquals(Optional.of("second"), store.get("k"));
                        assertEquals(Map.of("k", "second"), store.list(""));
                        assertEquals(1, store.delete("k", false));
                        store.watch("", (key, value) -> {}).close();
                    },
                    "a call waits for a listener");
        } finally {
            mayReturn.countDown();
            watch.close();
        }
    }

    /** Whether such a call answers or fails is the store's affair; that it harms nobody else is not. */
    @Test
    void endsInTimeWhenItsThreadIsInterrupted() throws Exception {
        store.put(Map.of("i/before", "x"));
        var told = new LinkedBlockingQueue<String>();
        try (var _ = store.watch("i/", (key, value) -> told.add(key))) {
            for (var call : List.<Call>of(
                    () -> store.get("i/before"),
                    () -> store.list("i/"),
                    () -> store.put(Map.of("i/meanwhile", "x")),
                    () -> store.delete("i/nothing", false),
                    () -> store.watch("i/", (key, value) -> {}).close())) {
                Interrupted.endsInTime(call::run, limit());
            }
            store.put(Map.of("i/after", "y"));
            assertTrue(take(told, "i/after"), "the caller was interrupted, and a watch of somebody else hears no more");
        }
        close(store);
        store = open(folder);
        assertEquals(Optional.of("x"), store.get("i/before"));
        assertEquals(Optional.of("y"), store.get("i/after"));
    }

    @Test
    void losesNoPutOfWritersThatAreInterrupted() throws Exception {
        for (var round = 0; round < 10; round++) {
            var prefix = "i/" + round + "/";
            var done = new ConcurrentLinkedQueue<String>();
            var writer = Thread.ofPlatform().daemon().start(() -> putUntilInterrupted(prefix, done));
            while (writer.isAlive() && done.isEmpty()) {
                Thread.onSpinWait();
            }
            writer.interrupt();
            assertTrue(writer.join(limit()), "a writer that is interrupted does not end");
            var found = store.list(prefix).keySet();
            done.removeIf(found::contains);
            assertEquals(List.of(), List.copyOf(done), "was put and is not there");
        }
    }

    /** The last put is one of an interrupted thread. */
    private void putUntilInterrupted(String prefix, Queue<String> done) {
        var isLast = false;
        try {
            for (var i = 0; !isLast; i++) {
                isLast = Thread.currentThread().isInterrupted();
                var key = prefix + (isLast ? "last" : i % 100);
                store.put(Map.of(key, "v"));
                done.add(key);
            }
        } catch (ConfigStoreException e) {
            Thread.currentThread().interrupt(); // whether that one was put is unknown
        }
    }

    private interface Call {
        void run() throws ConfigStoreException;
    }

    private static boolean take(BlockingQueue<String> told, String last) throws InterruptedException {
        var next = told.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        while (next != null && !next.equals(last)) {
            next = told.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        return next != null;
    }

    private static void unchecked(Call call) {
        try {
            call.run();
        } catch (ConfigStoreException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitQuietly(CountDownLatch latch, Duration limit) {
        try {
            assertTrue(latch.await(limit.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
