package io.slipway.config.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.config.spi.ConfigStore;
import io.slipway.config.spi.ConfigStoreException;
import io.slipway.config.spi.LeaseStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link LeaseStore} does. */
@org.jspecify.annotations.NullUnmarked // the test framework fills the fields
public abstract class LeaseStoreContract {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private LeaseStore store;

    /** For subclasses. */
    protected LeaseStoreContract() {}

    /** Opens the store whose data are, or will be, in a folder. */
    protected abstract LeaseStore open(Path folder) throws Exception;

    /** Closes a store as a stop of the system would. */
    protected abstract void close(LeaseStore store) throws Exception;

    /** Lets time pass for the store under test. */
    protected abstract void pass(Duration time) throws Exception;

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
    void givesALeaseToOneOnly() throws Exception {
        assertTrue(store.acquire("l", "a", LONG).isPresent());
        assertEquals(Optional.empty(), store.acquire("l", "b", LONG));
        assertTrue(store.acquire("other", "b", LONG).isPresent());
    }

    @Test
    void keepsTheTokenOfTheHolderThatRenews() throws Exception {
        var token = store.acquire("l", "a", LONG);
        assertEquals(token, store.acquire("l", "a", LONG));
    }

    @Test
    void givesAGreaterTokenToEachNewHolder() throws Exception {
        var first = store.acquire("l", "a", LONG).orElseThrow();
        store.release("l", "a");
        var second = store.acquire("l", "b", LONG).orElseThrow();
        assertTrue(second > first);
    }

    @Test
    void givesALeaseToOneOfManyWhoAskAtOnce() throws Exception {
        var winners = new ConcurrentLinkedQueue<Integer>();
        var threads = IntStream.range(0, 16)
                .mapToObj(i -> Thread.ofVirtual().start(() -> {
                    try {
                        store.acquire("l", "owner" + i, LONG).ifPresent(token -> winners.add(i));
                    } catch (ConfigStoreException e) {
                        throw new IllegalStateException(e);
                    }
                }))
                .toList();
        for (var thread : threads) {
            thread.join();
        }
        assertEquals(1, winners.size());
    }

    @Test
    void keepsALeaseThatIsRenewedInTime() throws Exception {
        var token = store.acquire("l", "a", ConfigStore.SHORTEST_LEASE.multipliedBy(2));
        for (var i = 0; i < 3; i++) {
            pass(ConfigStore.SHORTEST_LEASE);
            assertEquals(token, store.acquire("l", "a", ConfigStore.SHORTEST_LEASE.multipliedBy(2)));
            assertEquals(Optional.empty(), store.acquire("l", "b", LONG));
        }
    }

    @Test
    void ignoresAReleaseByAnother() throws Exception {
        store.acquire("l", "a", LONG);
        store.release("l", "b");
        assertEquals(Optional.empty(), store.acquire("l", "b", LONG));
    }

    @Test
    void letsALeaseExpire() throws Exception {
        var first = store.acquire("l", "a", ConfigStore.SHORTEST_LEASE).orElseThrow();
        pass(ConfigStore.SHORTEST_LEASE.plusMillis(200));
        assertTrue(store.acquire("l", "b", LONG).orElseThrow() > first);
    }

    @Test
    void growsTokensOverARestart() throws Exception {
        var first = store.acquire("l", "a", LONG).orElseThrow();
        store.release("l", "a");
        close(store);
        store = open(folder);
        assertTrue(store.acquire("l", "b", LONG).orElseThrow() > first);
    }

    @Test
    void aRepeatedCallChangesNothing() throws Exception {
        var token = store.acquire("l", "a", LONG);
        assertEquals(token, store.acquire("l", "a", LONG));
        store.release("l", "a");
        store.release("l", "a");
        store.release("never", "a");
        assertTrue(store.acquire("l", "b", LONG).isPresent());
        store.release("l", "a");
        assertEquals(Optional.empty(), store.acquire("l", "c", LONG), "the release of an earlier holder freed it");
    }

    @Test
    void doesNotWaitForALeaseThatAnotherHolds() throws Exception {
        store.acquire("l", "a", LONG);
        var answer = assertTimeoutPreemptively(
                limit(), () -> store.acquire("l", "b", LONG), "waits for the lease of another");
        assertEquals(Optional.empty(), answer);
    }

    @Test
    void endsInTimeWhenItsThreadIsInterrupted() throws Exception {
        var token = store.acquire("l", "a", LONG);
        for (var call : List.<Interrupted.Call>of(
                () -> store.acquire("l", "b", LONG),
                () -> store.acquire("l", "a", LONG),
                () -> store.acquire("other", "b", LONG),
                () -> store.release("other", "b"),
                () -> store.release("l", "b"))) {
            Interrupted.endsInTime(call, limit());
        }
        assertEquals(token, store.acquire("l", "a", LONG), "the holder has lost its lease");
        assertEquals(Optional.empty(), store.acquire("l", "b", LONG));
        assertTrue(store.acquire("third", "b", LONG).isPresent(), "it works on");
    }
}
