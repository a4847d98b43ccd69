package io.slipway.itests.bad;

import io.slipway.config.embedded.EmbeddedConfigStore;
import io.slipway.config.spi.ConfigListener;
import io.slipway.config.spi.ConfigStore;
import io.slipway.config.spi.ConfigStoreException;
import io.slipway.config.spi.LeaseStore;
import io.slipway.plugin.api.HandedState;
import io.slipway.plugin.api.Promotable;
import io.slipway.plugin.api.PromotionException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.osgi.framework.BundleContext;

/** The embedded store with its file and its leases, but nothing can be read, written or leased. */
public final class DisturbedStore implements ConfigStore, LeaseStore, Promotable {

    private final EmbeddedConfigStore good;
    private final Fault fault;

    /** Used by the component runtime. */
    public DisturbedStore(BundleContext context, Map<String, Object> properties) throws IOException {
        good = new EmbeddedConfigStore(context);
        fault = new Fault(properties);
    }

    /** Used by the component runtime; whoever comes next needs the file. */
    public void deactivate() {
        fault.end();
        good.demote();
    }

    @Override
    public Optional<String> get(String key) throws ConfigStoreException {
        fault.strike();
        return good.get(key);
    }

    @Override
    public SortedMap<String, String> list(String prefix) throws ConfigStoreException {
        fault.strike();
        return good.list(prefix);
    }

    @Override
    public void put(Map<String, String> pairs) throws ConfigStoreException {
        fault.strike();
        good.put(pairs);
    }

    @Override
    public long delete(String key, boolean prefix) throws ConfigStoreException {
        fault.strike();
        return good.delete(key, prefix);
    }

    @Override
    public Watch watch(String prefix, ConfigListener listener) {
        return good.watch(prefix, listener);
    }

    @Override
    public Optional<Long> acquire(String name, String owner, Duration timeToLive) throws ConfigStoreException {
        fault.strike();
        return good.acquire(name, owner, timeToLive);
    }

    @Override
    public void release(String name, String owner) throws ConfigStoreException {
        good.release(name, owner);
    }

    @Override
    public void promote(Optional<HandedState> state) throws PromotionException {
        good.promote(state);
    }

    @Override
    public Optional<HandedState> demote() {
        return good.demote();
    }

    @Override
    public List<String> stateToMove() {
        return good.stateToMove();
    }
}
