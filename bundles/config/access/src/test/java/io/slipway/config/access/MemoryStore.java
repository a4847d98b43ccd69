package io.slipway.config.access;

import io.slipway.config.spi.ConfigListener;
import io.slipway.config.spi.ConfigStore;
import io.slipway.config.spi.ConfigStoreException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A store in memory that can be broken; tells changes on the thread that makes them. */
final class MemoryStore implements ConfigStore {

    private final SortedMap<String, String> pairs = new TreeMap<>();
    final List<ConfigListener> listeners = new CopyOnWriteArrayList<>();
    boolean isBroken;

    /** Runs before a watch begins. */
    Runnable whenWatched = () -> {};

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
        listeners.forEach(listener -> more.forEach(listener::changed));
    }

    @Override
    public long delete(String key, boolean prefix) {
        var isThere = pairs.remove(key) != null;
        listeners.forEach(listener -> listener.changed(key, null));
        return isThere ? 1 : 0;
    }

    @Override
    public Watch watch(String prefix, ConfigListener listener) {
        whenWatched.run();
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
