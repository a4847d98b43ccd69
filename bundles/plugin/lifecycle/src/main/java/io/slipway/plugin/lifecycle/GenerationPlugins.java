package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginSet;
import io.slipway.plugin.api.PluginStatus;
import io.slipway.plugin.api.Plugins;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/** Gives out views of the present generation, and says how each plug-in stands. */
final class GenerationPlugins implements Plugins {

    private final GenerationBuilder builder;
    private final SortedMap<PluginId, Reconciler.Installed> installed;

    GenerationPlugins(GenerationBuilder builder, SortedMap<PluginId, Reconciler.Installed> installed) {
        this.builder = builder;
        this.installed = installed;
    }

    @Override
    public <T> PluginSet<T> set(Class<T> spi) {
        return new LivePluginSet<>(spi, builder::generation);
    }

    @Override
    public List<PluginStatus> statuses() {
        var providers = builder.providers();
        return installed.entrySet().stream()
                .map(entry -> status(entry.getKey(), entry.getValue(), providers))
                .toList();
    }

    private static PluginStatus status(
            PluginId id, Reconciler.Installed plugin, Map<ServiceReference<Object>, VersionedProvider> providers) {
        var own = providers.entrySet().stream()
                .filter(entry -> entry.getKey().getBundle().equals(plugin.bundle()))
                .toList();
        var spis = own.stream()
                .flatMap(entry -> Arrays.stream((String[]) entry.getKey().getProperty(Constants.OBJECTCLASS)))
                .map(name -> name.substring(name.lastIndexOf('.') + 1))
                .distinct()
                .sorted()
                .toList();
        var leases = own.stream()
                .mapToLong(entry -> entry.getValue().uses().inFlight())
                .sum();
        return new PluginStatus(
                id, plugin.version().toString(), spis, state(plugin, spis), reason(plugin, spis), leases);
    }

    private static PluginStatus.State state(Reconciler.Installed plugin, List<String> spis) {
        if (!plugin.failure().isEmpty()) {
            return PluginStatus.State.FAILED;
        }
        return spis.isEmpty() ? PluginStatus.State.WAITING : PluginStatus.State.ACTIVE;
    }

    private static String reason(Reconciler.Installed plugin, List<String> spis) {
        if (!plugin.failure().isEmpty()) {
            return plugin.failure();
        }
        return spis.isEmpty()
                ? "started, but has registered no provider: a setting or a service that it needs is missing"
                : "";
    }
}
