package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What became of each selected plug-in, sorted by id. Thread-safe. */
final class RunningPlugins {

    private volatile List<InstalledPlugin> plugins = List.of(); // never changed, only replaced

    List<InstalledPlugin> all() {
        return plugins;
    }

    Optional<InstalledPlugin> find(PluginId id) {
        return all().stream().filter(plugin -> plugin.id().equals(id)).findFirst();
    }

    synchronized void set(List<InstalledPlugin> all) {
        plugins = List.copyOf(all);
    }

    /** Puts a version in the place of the one there was. */
    synchronized void put(InstalledPlugin plugin) {
        var next = new ArrayList<>(plugins);
        next.removeIf(other -> other.id().equals(plugin.id()));
        next.add(plugin);
        next.sort(Comparator.comparing(InstalledPlugin::id));
        plugins = List.copyOf(next);
    }

    /** Forgets a plug-in. */
    synchronized void remove(PluginId id) {
        var next = new ArrayList<>(plugins);
        next.removeIf(plugin -> plugin.id().equals(id));
        plugins = List.copyOf(next);
    }
}
