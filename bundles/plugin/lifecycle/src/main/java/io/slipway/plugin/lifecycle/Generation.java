package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One consistent map from (SPI, plug-in id) to provider. Immutable. */
final class Generation {

    static final Generation EMPTY = new Generation(Map.of());

    private final Map<String, Providers> bySpi;

    /** Copies providers by id by name of the SPI interface. */
    Generation(Map<String, SortedMap<PluginId, VersionedProvider>> bySpi) {
        var copy = new HashMap<String, Providers>();
        bySpi.forEach((spi, providers) -> copy.put(spi, new Providers(providers)));
        this.bySpi = Map.copyOf(copy);
    }

    Providers of(Class<?> spi) {
        return bySpi.getOrDefault(spi.getName(), Providers.NONE);
    }

    /** The providers of one SPI: hashed, since every call of the system looks here, and in order. */
    static final class Providers {

        static final Providers NONE = new Providers(new java.util.TreeMap<>());

        private final Map<PluginId, VersionedProvider> byId;
        private final List<VersionedProvider> inOrder;

        Providers(SortedMap<PluginId, VersionedProvider> providers) {
            this.byId = new HashMap<>(providers);
            this.inOrder = List.copyOf(providers.values());
        }

        @Nullable
        VersionedProvider get(PluginId id) {
            return byId.get(id);
        }

        List<VersionedProvider> inOrder() {
            return inOrder;
        }

        SortedSet<PluginId> ids() {
            return new TreeSet<>(byId.keySet());
        }
    }
}
