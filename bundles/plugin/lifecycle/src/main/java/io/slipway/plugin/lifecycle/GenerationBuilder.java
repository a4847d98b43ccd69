package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of services that say which plug-in they belong to and publishes generations. A service stays gotten as long as it is
 * in a generation, or the component runtime would deactivate it between two calls.
 */
final class GenerationBuilder implements ServiceTrackerCustomizer<Object, VersionedProvider> {

    private static final Logger LOG = LoggerFactory.getLogger(GenerationBuilder.class);

    private final BundleContext context;
    private final Runnable onChange;
    private final ServiceTracker<Object, VersionedProvider> tracker;
    private final Map<ServiceReference<Object>, VersionedProvider> providers = new ConcurrentHashMap<>();
    private volatile Generation generation = Generation.EMPTY;

    GenerationBuilder(BundleContext context, Runnable onChange) {
        this.context = context;
        this.onChange = onChange;
        try {
            this.tracker = new ServiceTracker<>(context, context.createFilter("(" + PluginId.PROPERTY + "=*)"), this);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("a constant filter", e);
        }
    }

    void open() {
        tracker.open(true);
    }

    void close() {
        tracker.close();
    }

    Generation generation() {
        return generation;
    }

    @Override
    public @Nullable VersionedProvider addingService(ServiceReference<Object> reference) {
        var service = context.getService(reference);
        if (service == null) {
            LOG.error("Service {} of plug-in {} cannot be had", reference, reference.getProperty(PluginId.PROPERTY));
            return null;
        }
        var provider = new VersionedProvider(
                new PluginId(String.valueOf(reference.getProperty(PluginId.PROPERTY))),
                reference.getBundle().getVersion().toString(),
                service);
        providers.put(reference, provider);
        publish();
        return provider;
    }

    @Override
    public void modifiedService(ServiceReference<Object> reference, VersionedProvider provider) {
        publish();
    }

    @Override
    public void removedService(ServiceReference<Object> reference, VersionedProvider provider) {
        providers.remove(reference);
        publish();
        provider.uses().retire();
        context.ungetService(reference);
    }

    Map<ServiceReference<Object>, VersionedProvider> providers() {
        return Map.copyOf(providers);
    }

    Set<Bundle> providingBundles() {
        return providers.keySet().stream().map(ServiceReference::getBundle).collect(Collectors.toSet());
    }

    private void publish() {
        synchronized (this) { // no call leaves this block; it only orders the writes of the reference
            generation = build();
        }
        onChange.run();
    }

    private Generation build() {
        var bySpi = new HashMap<String, SortedMap<PluginId, VersionedProvider>>();
        providers.forEach((reference, provider) -> {
            for (var spi : (String[]) reference.getProperty(Constants.OBJECTCLASS)) {
                bySpi.computeIfAbsent(spi, any -> new TreeMap<>()).merge(provider.id(), provider, Newest::of);
            }
        });
        return new Generation(bySpi);
    }

    /** Two bundles of one plug-in are there only for a moment of a change; the higher version is the coming one. */
    private static final class Newest {

        static VersionedProvider of(VersionedProvider one, VersionedProvider other) {
            var first = org.osgi.framework.Version.parseVersion(one.version());
            return first.compareTo(org.osgi.framework.Version.parseVersion(other.version())) >= 0 ? one : other;
        }
    }
}
