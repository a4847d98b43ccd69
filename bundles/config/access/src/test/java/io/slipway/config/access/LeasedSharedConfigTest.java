package io.slipway.config.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slipway.config.spi.ConfigListener;
import io.slipway.config.spi.ConfigStore;
import io.slipway.config.spi.ConfigStoreException;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.plugin.api.Lease;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginSet;
import io.slipway.plugin.api.PluginStatus;
import io.slipway.plugin.api.Plugins;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LeasedSharedConfigTest {

    private final OneStore store = new OneStore();
    private final LeasedSharedConfig config = new LeasedSharedConfig(store, "embedded");

    @Test
    void givesEveryLeaseBack() throws Exception {
        config.put(Map.of("a", "1"));
        assertEquals(Optional.of("1"), config.get("a"));
        assertEquals(Map.of("a", "1"), config.list(""));
        assertEquals(1, config.delete("a", false));
        assertEquals(0, store.leases.get());

        var watch = config.watch("", (key, value) -> {});
        assertEquals(1, store.leases.get());
        watch.close();
        assertEquals(0, store.leases.get());
    }

    @Test
    void tellsAFailureOfTheStoreAsUnavailable() {
        store.isBroken = true;
        assertEquals(FailureCode.UNAVAILABLE, failure(() -> config.get("a")).code());
        assertEquals(
                FailureCode.UNAVAILABLE,
                failure(() -> config.watch("a", (key, value) -> {})).code());
        assertEquals(0, store.leases.get());
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

    /** Plug-ins with one config store in memory that can be broken; counts leases. */
    private static final class OneStore implements Plugins, PluginSet<ConfigStore>, ConfigStore {

        private final AtomicInteger leases = new AtomicInteger();
        private final SortedMap<String, String> pairs = new TreeMap<>();
        private boolean isBroken;

        @Override
        @SuppressWarnings("unchecked") // the only SPI that is asked for
        public <T> PluginSet<T> set(Class<T> spi) {
            return (PluginSet<T>) this;
        }

        @Override
        public List<PluginStatus> statuses() {
            return List.of();
        }

        @Override
        public SortedSet<PluginId> ids() {
            return new TreeSet<>();
        }

        @Override
        public Optional<Lease<ConfigStore>> find(PluginId id) {
            return Optional.of(lease(id));
        }

        @Override
        public Lease<ConfigStore> lease(PluginId id) {
            leases.incrementAndGet();
            return new CountedLease(this, id);
        }

        @Override
        public List<Lease<ConfigStore>> leaseAll() {
            return List.of();
        }

        @Override
        public Optional<String> get(String key) throws ConfigStoreException {
            return Optional.ofNullable(list("").get(key));
        }

        @Override
        public SortedMap<String, String> list(String prefix) throws ConfigStoreException {
            if (isBroken) {
                throw new ConfigStoreException("broken on purpose");
            }
            return Collections.unmodifiableSortedMap(pairs);
        }

        @Override
        public void put(Map<String, String> more) {
            pairs.putAll(more);
        }

        @Override
        public long delete(String key, boolean prefix) {
            return pairs.remove(key) == null ? 0 : 1;
        }

        @Override
        public Watch watch(String prefix, ConfigListener listener) throws ConfigStoreException {
            list(prefix);
            return () -> {};
        }
    }

    private record CountedLease(OneStore store, PluginId id) implements Lease<ConfigStore> {

        @Override
        public ConfigStore get() {
            return store;
        }

        @Override
        public String version() {
            return "1.0.0";
        }

        @Override
        public void close() {
            store.leases.decrementAndGet();
        }
    }
}
