package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.HandedState;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginSet;
import io.slipway.plugin.api.Promotable;
import io.slipway.plugin.api.PromotionException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of the providers that plug-in bundles register and publishes generations. Which bundle serves is said by {@link
 * #serve}, never by a service ranking. A service stays gotten until it is drained, or the component runtime would
 * deactivate it under its callers.
 */
final class ProviderTracker implements ServiceTrackerCustomizer<Object, VersionedProvider> {

    private static final Logger LOG = LoggerFactory.getLogger(ProviderTracker.class);
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** How long callers wait for a component that is made anew, once its last use has ended. */
    private static final Duration ABSENCE = Duration.ofSeconds(5);

    private final BundleContext context;
    private final Duration drainLimit;
    private final Runnable onChange;
    private final Duration window;
    private final ChangeListeners listeners = new ChangeListeners();
    private final Map<Bundle, String> faults = new ConcurrentHashMap<>();
    private final Map<Bundle, Function<VersionedProvider, Optional<HandedState>>> handed = new ConcurrentHashMap<>();
    private final ServiceTracker<Object, VersionedProvider> tracker;
    private final Map<ServiceReference<Object>, VersionedProvider> providers = new ConcurrentHashMap<>();
    private final Map<ServiceReference<Object>, VersionedProvider> draining = new ConcurrentHashMap<>();
    private final Map<Bundle, Long> drainingSince = new ConcurrentHashMap<>(); // System.nanoTime
    private final Absences absences;
    private volatile Set<Bundle> serving = Set.of();
    private volatile boolean isClosing;
    private volatile Generation generation = Generation.EMPTY;

    /**
     * Creates one.
     *
     * @param drainLimit how long a provider that is taken away waits for its callers; below the 5 s that the component
     *     runtime waits for its own locks
     * @param onChange called after each new generation; must be quick
     */
    ProviderTracker(BundleContext context, Duration drainLimit, Runnable onChange) {
        this(context, drainLimit, ProbationLimits.USUAL.window(), Duration.ZERO, onChange);
    }

    /**
     * Creates one.
     *
     * @param window how far back calls are remembered
     */
    ProviderTracker(BundleContext context, Duration drainLimit, Duration window, Runnable onChange) {
        this(context, drainLimit, window, drainLimit.plus(ABSENCE), onChange);
    }

    private ProviderTracker(
            BundleContext context, Duration drainLimit, Duration window, Duration absence, Runnable onChange) {
        this.context = context;
        this.absences = new Absences(absence, this::publish);
        this.drainLimit = drainLimit;
        this.window = window;
        this.onChange = onChange;
        try {
            this.tracker = new ServiceTracker<>(context, context.createFilter("(" + PluginId.PROPERTY + "=*)"), this);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("a constant filter", e);
        }
    }

    void open() {
        tracker.open(true); // this bundle has no wire to SPI packages, and needs none
    }

    /** Takes every provider away at once. */
    void close() {
        isClosing = true;
        tracker.close();
        absences.endAll();
        publish();
    }

    /** Lets exactly these bundles serve, from the next generation on. */
    void serve(Collection<Bundle> bundles) {
        serving = Set.copyOf(bundles);
        publish();
    }

    /** Lets bundles serve in place of others by one write of the generation. */
    void replace(Collection<Bundle> leaving, Collection<Bundle> coming) {
        replaceUnheard(leaving, coming);
        listeners.tell();
        onChange.run();
    }

    /** The same, told to nobody: calls do not get through yet. */
    synchronized void replaceUnheard(Collection<Bundle> leaving, Collection<Bundle> coming) {
        var next = new HashSet<>(serving);
        next.removeAll(leaving);
        next.addAll(coming);
        serving = Set.copyOf(next);
        generation = build();
    }

    PluginSet.Subscription listen(Runnable listener) {
        return listeners.add(listener);
    }

    Generation generation() {
        return generation;
    }

    @Override
    public @Nullable VersionedProvider addingService(ServiceReference<Object> reference) {
        var bundle = reference.getBundle();
        var name = String.valueOf(reference.getProperty(PluginId.PROPERTY));
        if (bundle == null || !PluginBundles.isPlugin(bundle)) {
            LOG.warn("A service of {} says it is of plug-in '{}', but that bundle is no plug-in", bundle, name);
            return null;
        }
        try {
            var id = new PluginId(name);
            var service = context.getService(reference);
            if (service == null) {
                LOG.error("Plug-in {} has registered a provider that cannot be had; see the log of {}", id, bundle);
                return null;
            }
            if (isOfForeignType(reference, service, bundle)) {
                context.ungetService(reference);
                return null;
            }
            var provider = new VersionedProvider(id, bundle.getVersion().toString(), service, window);
            if (serving.contains(bundle) && !promote(provider, bundle)) {
                context.ungetService(reference);
                return null;
            }
            add(reference, provider);
            return provider;
        } catch (IllegalArgumentException e) {
            LOG.error("A provider of {} is left out: {}", bundle, e.getMessage());
            return null;
        }
    }

    /** An SPI that a plug-in contains is another type than the one by which callers ask, of the same name. */
    private boolean isOfForeignType(ServiceReference<Object> reference, Object service, Bundle bundle) {
        var names = spis(reference);
        var own = ProviderFace.interfaces(service.getClass()).stream()
                .filter(type -> names.contains(type.getName()))
                .filter(type -> bundle.equals(FrameworkUtil.getBundle(type)))
                .findFirst();
        own.ifPresent(type -> {
            LOG.error("A provider of {} is left out: it has a copy of {}", bundle, type.getName());
            faults.put(
                    bundle,
                    "it contains " + type.getName() + ", which nobody else can call; a plug-in imports that package");
        });
        return own.isPresent();
    }

    /** The framework tells nothing more of a service that was not taken, so nothing of it may stay. */
    private void add(ServiceReference<Object> reference, VersionedProvider provider) {
        var isPublished = false;
        providers.put(reference, provider);
        absences.end(reference.getBundle(), provider.id(), spis(reference));
        try {
            publish();
            isPublished = true;
        } finally {
            if (!isPublished) {
                providers.remove(reference);
            }
        }
    }

    /** A reference that was unregistered meanwhile has no bundle, and sets of bundles refuse to be asked for none. */
    private boolean isServing(@Nullable Bundle bundle) {
        return bundle != null && serving.contains(bundle);
    }

    /** A provider of the version that is selected takes what it owns as soon as it is there. */
    @SuppressWarnings("IllegalCatch") // thread boundary: code of the plug-in, called by the framework's thread
    private boolean promote(VersionedProvider provider, Bundle bundle) {
        faults.remove(bundle);
        if (provider.service() instanceof Promotable promotable) {
            try {
                promotable.promote(
                        handed.getOrDefault(bundle, any -> Optional.empty()).apply(provider));
            } catch (PromotionException | RuntimeException e) {
                LOG.error("{} cannot take over and is left out", provider, e);
                faults.put(bundle, "it cannot take over: " + e.getMessage());
                return false;
            }
        }
        return true;
    }

    /** Returns why a provider of a bundle could not take over; empty if none failed to. */
    String faultOf(Bundle bundle) {
        return faults.getOrDefault(bundle, "");
    }

    void forgetFaultOf(Bundle bundle) {
        faults.remove(bundle);
    }

    /** Says what the providers of a bundle that is started again take over; null for nothing any more. */
    void handTo(Bundle bundle, @Nullable Function<VersionedProvider, Optional<HandedState>> states) {
        handed.compute(bundle, (any, before) -> states);
    }

    @Override
    public void modifiedService(ServiceReference<Object> reference, VersionedProvider provider) {
        publish();
    }

    /** Returns only when nobody uses it any more, or the limit is over: the provider is alive as long as this runs. */
    @Override
    public void removedService(ServiceReference<Object> reference, VersionedProvider provider) {
        var bundle = reference.getBundle(); // null if the service went while it was being taken
        draining.put(reference, provider);
        if (bundle != null) {
            drainingSince.put(bundle, System.nanoTime());
        }
        providers.remove(reference);
        if (bundle != null && isAwaited(bundle, provider)) {
            absences.begin(bundle, provider, spis(reference));
        }
        if (!provider.isAbandoned()) {
            publish();
        }
        provider.uses().retire();
        drain(provider);
        draining.remove(reference);
        if (bundle != null) {
            drainingSince.remove(bundle);
        }
        context.ungetService(reference);
        onChange.run();
    }

    /** The component runtime takes a provider away without its bundle when it makes it anew, as with other settings. */
    private boolean isAwaited(Bundle bundle, VersionedProvider provider) {
        return !isClosing
                && !isFrameworkStopping()
                && !provider.isAbandoned()
                && isServing(bundle)
                && bundle.getState() == Bundle.ACTIVE;
    }

    private void drain(VersionedProvider provider) {
        var end = System.nanoTime() + drainLimit.toNanos();
        while (provider.uses().inFlight() > 0 && !provider.isAbandoned()) {
            if (isClosing || isFrameworkStopping() || end - System.nanoTime() < 0) {
                LOG.warn(
                        "{} is taken away with {} uses in flight",
                        provider,
                        provider.uses().inFlight());
                return;
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
    }

    private boolean isFrameworkStopping() {
        return context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getState() == Bundle.STOPPING;
    }

    /** Returns since when providers of a bundle are being taken away. */
    Duration drainingFor(Bundle bundle) {
        var begin = drainingSince.get(bundle);
        return begin == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - begin);
    }

    /** Returns whether a provider is there, serving or not. */
    boolean isRegistered(VersionedProvider provider) {
        return providers.containsValue(provider);
    }

    /** Returns whether each of these bundles has a provider. */
    boolean haveProviders(Collection<Bundle> bundles) {
        return bundles.stream().allMatch(bundle -> !providersOf(bundle).spis().isEmpty());
    }

    /**
     * What a bundle provides now.
     *
     * @param spis simple names of the SPIs, sorted
     * @param leases uses in flight, of drained ones too
     * @param isDraining whether a provider of it is being taken away
     */
    record Provided(List<String> spis, long leases, boolean isDraining) {}

    Provided providersOf(Bundle bundle) {
        var spis = providers.keySet().stream()
                .filter(reference -> bundle.equals(reference.getBundle()))
                .flatMap(ProviderTracker::interfaces)
                .map(name -> name.substring(name.lastIndexOf('.') + 1))
                .distinct()
                .sorted()
                .toList();
        var leases = Stream.of(providers, draining)
                .flatMap(map -> map.entrySet().stream())
                .filter(entry -> bundle.equals(entry.getKey().getBundle()))
                .mapToLong(entry -> entry.getValue().uses().inFlight())
                .sum();
        var isDraining = draining.keySet().stream().anyMatch(reference -> bundle.equals(reference.getBundle()));
        return new Provided(spis, leases, isDraining);
    }

    /**
     * A provider with the interfaces that it is registered by.
     *
     * @param spis names of the interfaces
     */
    record Registered(VersionedProvider provider, Set<String> spis) {}

    /** Returns the providers that a bundle registered, serving or not. */
    List<Registered> registeredBy(@Nullable Bundle bundle) {
        return providers.entrySet().stream()
                .filter(entry -> bundle != null && bundle.equals(entry.getKey().getBundle()))
                .sorted(Map.Entry.comparingByKey(Comparator.comparingLong(ProviderTracker::serviceId)))
                .map(entry -> new Registered(entry.getValue(), spis(entry.getKey())))
                .toList();
    }

    private void publish() {
        synchronized (this) { // no call leaves this block; it only orders the writes of the reference
            generation = build();
        }
        listeners.tell();
        onChange.run();
    }

    private Generation build() {
        var bySpi = new HashMap<String, SortedMap<PluginId, VersionedProvider>>();
        providers.entrySet().stream()
                .filter(entry -> isServing(entry.getKey().getBundle()))
                .sorted(Map.Entry.comparingByKey(Comparator.comparingLong(ProviderTracker::serviceId)))
                .forEach(entry -> interfaces(entry.getKey())
                        .forEach(spi -> bySpi.computeIfAbsent(spi, any -> new TreeMap<>())
                                .merge(entry.getValue().id(), entry.getValue(), ProviderTracker::first)));
        absences.addTo(bySpi, this::isServing);
        return new Generation(bySpi);
    }

    /** A mistake of the plug-in's author; the one that was there first stays. */
    private static VersionedProvider first(VersionedProvider one, VersionedProvider other) {
        LOG.error("{} and {} are two providers of one id for one SPI; the second is left out", one, other);
        return one;
    }

    private static Stream<String> interfaces(ServiceReference<Object> reference) {
        return Arrays.stream((String[]) reference.getProperty(Constants.OBJECTCLASS));
    }

    private static Set<String> spis(ServiceReference<Object> reference) {
        return interfaces(reference).collect(Collectors.toSet());
    }

    private static long serviceId(ServiceReference<Object> reference) {
        return (Long) reference.getProperty(Constants.SERVICE_ID);
    }
}
