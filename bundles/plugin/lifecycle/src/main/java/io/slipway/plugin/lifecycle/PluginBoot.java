package io.slipway.plugin.lifecycle;

import io.slipway.metrics.api.Figures;
import io.slipway.model.setting.InstallationFolder;
import io.slipway.plugin.api.PluginAdministration;
import io.slipway.plugin.api.PluginVerifier;
import io.slipway.plugin.api.Plugins;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the selected plug-ins up and then publishes {@link Plugins}: whoever needs plug-ins starts when they are there. A
 * plug-in that registers nothing within the patience is reported as waiting and holds nobody up any longer. What this
 * started it stops again.
 */
@Component(immediate = true, service = PluginBoot.class, configurationPid = "io.slipway.plugin.lifecycle")
@Designate(ocd = PluginSettings.class)
public final class PluginBoot {

    private static final Logger LOG = LoggerFactory.getLogger(PluginBoot.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration START_LIMIT = Duration.ofSeconds(10);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(4);
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(3);
    private static final Duration CHECK_LIMIT = Duration.ofSeconds(10);
    private static final Duration CHECK_PAUSE = Duration.ofSeconds(30);

    private final BundleContext context;
    private final Reconciler reconciler;
    private final PluginBundles bundles;
    private final Semaphore changes = new Semaphore(0);
    private final ProviderTracker tracker;
    private final ComponentReasons reasons;
    private final SelfChecks checks;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("slipway-plugin-boot").factory());
    private final RunningPlugins running = new RunningPlugins();
    private final VersionBook book;
    private final SwapEngine engine;
    private final Plugins plugins;
    private final PluginFigures figures;
    private volatile @Nullable ServiceRegistration<PluginAdministration> administration;
    private volatile @Nullable ServiceRegistration<Plugins> registration;
    private volatile @Nullable ServiceRegistration<Figures> told;

    /** Used by the component runtime. */
    @Activate
    public PluginBoot(
            BundleContext context,
            @Reference ServiceComponentRuntime components,
            @Reference ConfigurationAdmin configurations,
            @Reference PluginVerifier verifier,
            PluginSettings settings) {
        this(context, components, configurations, verifier, new ConfiguredLimits(settings));
    }

    private PluginBoot(
            BundleContext context,
            ServiceComponentRuntime components,
            ConfigurationAdmin configurations,
            PluginVerifier verifier,
            ConfiguredLimits limits) {
        this(context, components, configurations, verifier, limits.limits(), limits.longestWindow());
    }

    PluginBoot(
            BundleContext context,
            ServiceComponentRuntime components,
            ConfigurationAdmin configurations,
            PluginVerifier verifier,
            SwapLimits limits,
            Duration window) {
        var folder = InstallationFolder.of(context::getProperty).resolve("plugins");
        this.context = context;
        var journal = new SelectionJournal(folder.resolve("journal.jsonl"), InstantSource.system());
        this.bundles = new PluginBundles(context, START_LIMIT, new PluginGate(verifier, journal));
        var versions = new PluginFolder(folder);
        var own = new VersionSettings(versions, configurations);
        this.reconciler = new Reconciler(versions, journal, bundles, own);
        this.tracker = new ProviderTracker(context, DRAIN_LIMIT, window, changes::release);
        this.checks = new SelfChecks(
                running::all,
                bundle -> SelfChecks.of(tracker.registeredBy(bundle)),
                (id, code) -> bundles.within(CHECK_LIMIT).callUninterrupted("self-check", id, code));
        this.reasons = new ComponentReasons(components, checks::faultOf);
        this.book = new VersionBook();
        var parts = new SwapParts(
                versions,
                journal,
                bundles.within(limits.stop()),
                tracker,
                reasons,
                running,
                own,
                book,
                limits,
                new Failpoints());
        this.engine = new SwapEngine(parts);
        this.plugins = new ReconciledPlugins(tracker, new PluginStatuses(tracker, reasons::of, book), running::all);
        this.figures = new PluginFigures(plugins::statuses, new PluginStory(parts)::calls, engine.counts());
    }

    /** The next swap has the new limits; what runs goes on. */
    @Modified
    void modified(PluginSettings settings) {
        engine.limit(new ConfiguredLimits(settings).limits());
    }

    @Activate
    void start() {
        tracker.open();
        thread.execute(this::boot);
    }

    /** The framework, when it stops, stops the plug-ins' bundles itself. */
    @Deactivate
    void stop() {
        var end = System.nanoTime() + STOP_LIMIT.toNanos();
        thread.shutdownNow();
        checks.stop();
        try {
            awaitBoot(end);
            unregister(administration);
            unregister(told);
            engine.close();
            unregister(registration);
            tracker.close();
            if (context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getState() != Bundle.STOPPING) {
                stopPlugins(end);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void unregister(@Nullable ServiceRegistration<?> service) {
        if (service != null) {
            service.unregister();
        }
    }

    private void awaitBoot(long end) throws InterruptedException {
        if (!thread.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            LOG.warn("Plug-ins are still being started {} after the stop", STOP_LIMIT);
        }
    }

    private void stopPlugins(long end) throws InterruptedException {
        for (var plugin : running.all().reversed()) {
            var left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            bundles.within(left).stop(plugin);
        }
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: an escaped exception would leave nothing in the log
    private void boot() {
        try {
            running.set(reconciler.install());
            var broken = reconciler.broken();
            tracker.serve(running.all().stream()
                    .map(InstalledPlugin::bundle)
                    .filter(Objects::nonNull)
                    .toList());
            running.set(startAll());
            awaitProviders();
            if (!checks.start(CHECK_PAUSE)) {
                return; // the stop
            }
            registration = context.registerService(Plugins.class, plugins, null);
            for (var trial : broken) { // before anybody can order something else
                var _ = engine.takeUp(trial); // its end is in the log and in the journal
            }
            administration = context.registerService(PluginAdministration.class, engine, null);
            told = context.registerService(Figures.class, figures, null);
            LOG.info(
                    "Plug-ins are up: {}",
                    running.all().stream().map(InstalledPlugin::id).toList());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the stop
        } catch (IOException | RuntimeException e) {
            LOG.error("Plug-ins cannot be read; nothing that needs them starts. Check the folder and restart", e);
        }
    }

    private List<InstalledPlugin> startAll() throws InterruptedException {
        var started = new ArrayList<InstalledPlugin>();
        for (var plugin : running.all()) {
            started.add(bundles.start(plugin));
        }
        return started;
    }

    private void awaitProviders() throws InterruptedException {
        var wanted = running.all().stream()
                .filter(plugin -> plugin.failure().isEmpty())
                .<Bundle>mapMulti((plugin, bundles) -> {
                    if (plugin.bundle() != null) {
                        bundles.accept(plugin.bundle());
                    }
                })
                .toList();
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (!tracker.haveProviders(wanted)) {
            if (!changes.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                var silent = wanted.stream()
                        .filter(bundle -> !tracker.haveProviders(List.of(bundle)))
                        .toList();
                LOG.warn("Plug-ins {} have registered no provider after {}", silent, PATIENCE);
                return;
            }
        }
    }
}
