package io.slipway.config.access;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class LeasedSharedConfigTest {

    private final OneStore stores = new OneStore();
    private final LeasedSharedConfig config = new LeasedSharedConfig(stores, "embedded");

    @Test
    void givesEveryLeaseBack() throws Exception {
        config.put(Map.of("a", "1"));
        assertEquals(Optional.of("1"), config.get("a"));
        assertEquals(Map.of("a", "1"), config.list(""));
        assertEquals(1, config.delete("a", false));
        assertEquals(0, stores.leases.get());

        var watch = config.watch("", (key, value) -> {});
        assertEquals(1, stores.leases.get());
        watch.close();
        assertEquals(0, stores.leases.get());
    }

    @Test
    void tellsAFailureOfTheStoreAsUnavailable() {
        stores.active.isBroken = true;
        assertEquals(FailureCode.UNAVAILABLE, failure(() -> config.get("a")).code());
        assertEquals(
                FailureCode.UNAVAILABLE,
                failure(() -> config.watch("a", (key, value) -> {})).code());
        assertEquals(0, stores.leases.get());
    }

    @Test
    void tellsAWatchWhatDiffersInAnotherStore() throws Exception {
        var told = new ArrayList<String>();
        var first = stores.active;
        config.put(Map.of("same", "1", "changed", "1", "gone", "1"));
        var watch = config.watch("", (key, value) -> told.add(key + "=" + value.orElse("-")));
        config.put(Map.of("changed", "2"));
        config.follow();
        assertEquals(List.of("changed=2"), told);

        stores.active = new MemoryStore();
        config.put(Map.of("same", "1", "changed", "3", "new", "1"));
        config.follow();
        assertEquals(List.of("changed=2", "changed=3", "gone=-", "new=1"), told);
        assertEquals(List.of(), first.listeners);
        assertEquals(1, stores.leases.get());

        config.put(Map.of("new", "2"));
        assertEquals("new=2", told.getLast());
        watch.close();
        config.put(Map.of("new", "3"));
        assertEquals("new=2", told.getLast());
        assertEquals(0, stores.leases.get());
    }

    @Test
    void watchesTheStoreThatTookOverWhileItBegan() throws Exception {
        var told = new ArrayList<String>();
        var first = stores.active;
        var second = new MemoryStore();
        first.whenWatched = () -> stores.active = second;
        second.whenWatched = () -> {
            stores.active = new MemoryStore();
            second.whenWatched = () -> {};
        };
        try (var _ = config.watch("", (key, value) -> told.add(key + "=" + value.orElse("-")))) {
            config.put(Map.of("k", "v"));
            assertEquals(List.of("k=v"), told);
            assertEquals(1, stores.leases.get());
            assertEquals(List.of(), first.listeners);
        }
    }

    @Test
    void makesUpForAMoveThatWasGivenUp() throws Exception {
        var told = new ArrayList<String>();
        try (var _ = config.watch("", (key, value) -> told.add(key + "=" + value.orElse("-")))) {
            stores.active = new MemoryStore();
            Thread.currentThread().interrupt();
            config.follow();
            assertTrue(Thread.interrupted());
            config.put(Map.of("k", "v"));
            config.mend();
            assertEquals(List.of("k=v"), told);
        }
    }

    @Test
    void letsGoOfAStoreThatIsTakenAway() throws Exception {
        var told = new ArrayList<String>();
        try (var _ = config.watch("", (key, value) -> told.add(key + "=" + value.orElse("-")))) {
            var store = stores.active;
            stores.active = null;
            config.follow();
            assertEquals(0, stores.leases.get());

            stores.active = store;
            store.isBroken = true;
            config.follow();
            assertEquals(0, stores.leases.get());

            store.isBroken = false;
            config.put(Map.of("k", "v"));
            config.follow();
            assertEquals(List.of("k=v"), told);
        }
    }

    @Test
    void letsAListenerCloseItsOwnWatch() {
        var told = new ArrayList<String>();
        var own = new AtomicReference<AutoCloseable>();
        own.set(config.watch("", (key, value) -> {
            told.add(key);
            assertDoesNotThrow(() -> own.get().close());
        }));
        config.put(Map.of("1", "x"));
        config.put(Map.of("2", "x"));
        assertEquals(List.of("1"), told);
        assertEquals(0, stores.leases.get());
    }

    @Test
    void closesWatchesWhenItStops() {
        config.start();
        config.watch("", (key, value) -> {});
        config.stop();
        assertEquals(0, stores.leases.get());
    }

    @Test
    void saysThatNoStoreIsThere() {
        stores.active = null;
        assertEquals(FailureCode.UNAVAILABLE, failure(() -> config.get("a")).code());
        assertEquals(
                FailureCode.UNAVAILABLE,
                failure(() -> config.watch("a", (key, value) -> {})).code());
    }

    @Test
    void saysThatAStoreHasNoLeases() {
        var failure = failure(() -> config.acquireLease("l", "me", Duration.ofSeconds(5)));
        assertEquals(FailureCode.UNAVAILABLE, failure.code());
    }

    @Test
    void refusesBadKeys() {
        for (var key : List.of("", "/a", "k".repeat(513))) {
            assertEquals(
                    FailureCode.INVALID_PARAMETERS,
                    failure(() -> config.put(Map.of(key, "v"))).code());
        }
        assertEquals(
                FailureCode.INVALID_PARAMETERS,
                failure(() -> config.put(Map.of("k", "v".repeat((1 << 20) + 1))))
                        .code());
    }

    private static SlipwayException failure(org.junit.jupiter.api.function.Executable call) {
        return assertThrows(SlipwayException.class, call);
    }
}
