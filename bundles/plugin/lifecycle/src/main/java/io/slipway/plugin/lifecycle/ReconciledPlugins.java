package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginSet;
import io.slipway.plugin.api.PluginStatus;
import io.slipway.plugin.api.Plugins;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Gives out views of the present generation, and says how each plug-in stands. */
final class ReconciledPlugins implements Plugins {

    private final ProviderTracker tracker;
    private final PluginStatuses statuses;
    private final Supplier<List<InstalledPlugin>> installed;

    /**
     * Creates one.
     *
     * @param installed tells every selected plug-in, sorted by id
     */
    ReconciledPlugins(ProviderTracker tracker, PluginStatuses statuses, Supplier<List<InstalledPlugin>> installed) {
        this.tracker = tracker;
        this.statuses = statuses;
        this.installed = installed;
    }

    @Override
    public <T> PluginSet<T> set(Class<T> spi) {
        return new LivePluginSet<>(spi, tracker::generation, tracker::listen);
    }

    @Override
    public List<PluginStatus> statuses() {
        var all = installed.get();
        var ids = all.stream().map(InstalledPlugin::id).collect(Collectors.toSet());
        return Stream.concat(all.stream().map(statuses::of), statuses.turnedAway(ids))
                .sorted(Comparator.comparing(PluginStatus::id))
                .toList();
    }
}
