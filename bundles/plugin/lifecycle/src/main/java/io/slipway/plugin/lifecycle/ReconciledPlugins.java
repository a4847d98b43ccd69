package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginSet;
import io.slipway.plugin.api.PluginStatus;
import io.slipway.plugin.api.PluginStatus.State;
import io.slipway.plugin.api.Plugins;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;

/** Gives out views of the present generation, and says how each plug-in stands. */
final class ReconciledPlugins implements Plugins {

    private final ProviderTracker tracker;
    private final Function<Bundle, ComponentReasons.Reason> reasons;
    private final Supplier<List<InstalledPlugin>> installed;

    /**
     * Creates one.
     *
     * @param reasons tells what a bundle's components lack
     * @param installed tells every selected plug-in, sorted by id
     */
    ReconciledPlugins(
            ProviderTracker tracker,
            Function<Bundle, ComponentReasons.Reason> reasons,
            Supplier<List<InstalledPlugin>> installed) {
        this.tracker = tracker;
        this.reasons = reasons;
        this.installed = installed;
    }

    @Override
    public <T> PluginSet<T> set(Class<T> spi) {
        return new LivePluginSet<>(spi, tracker::generation);
    }

    @Override
    public List<PluginStatus> statuses() {
        return installed.get().stream().map(this::status).toList();
    }

    private PluginStatus status(InstalledPlugin plugin) {
        var bundle = plugin.bundle();
        if (bundle == null) {
            return status(plugin, new ProviderTracker.Provided(List.of(), 0, false), State.FAILED, plugin.failure());
        }
        var provided = tracker.providersOf(bundle);
        var lack = reasons.apply(bundle);
        if (!provided.spis().isEmpty()) {
            return status(plugin, provided, State.ACTIVE, lack.words());
        }
        if (provided.isDraining()) {
            return status(plugin, provided, State.DRAINING, "its last uses end");
        }
        if (bundle.getState() != Bundle.ACTIVE) {
            var why = plugin.failure().isEmpty() ? "its bundle was stopped from outside" : plugin.failure();
            return status(plugin, provided, State.FAILED, why);
        }
        if (lack.isFailure()) {
            return status(plugin, provided, State.FAILED, lack.words());
        }
        return status(
                plugin,
                provided,
                State.WAITING,
                lack.words().isEmpty()
                        ? "it has registered no provider with the property slipway.plugin.id"
                        : lack.words());
    }

    private static PluginStatus status(
            InstalledPlugin plugin, ProviderTracker.Provided provided, State state, String why) {
        return new PluginStatus(
                plugin.id(), plugin.version().toString(), provided.spis(), state, why, provided.leases());
    }
}
