package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginId;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One consistent map from (SPI, plug-in id) to provider. Immutable.
 *
 * @param bySpi provider by id, by name of the SPI interface
 */
record Generation(Map<String, SortedMap<PluginId, VersionedProvider>> bySpi) {

    static final Generation EMPTY = new Generation(Map.of());

    Generation {
        var copy = new HashMap<String, SortedMap<PluginId, VersionedProvider>>();
        bySpi.forEach((spi, providers) -> copy.put(spi, Collections.unmodifiableSortedMap(new TreeMap<>(providers))));
        bySpi = Map.copyOf(copy);
    }

    SortedMap<PluginId, VersionedProvider> of(Class<?> spi) {
        var providers = bySpi.get(spi.getName());
        return providers == null ? Collections.emptySortedMap() : providers;
    }
}
