package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.Plugins;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.SortedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the selected plug-ins up and then publishes {@link Plugins}: whoever needs plug-ins starts when they are there. A
 * plug-in that registers nothing within the patience is reported as waiting and holds nobody up any longer.
 */
@Component(immediate = true, service = PluginBoot.class)
public final class PluginBoot {

    private static final Logger LOG = LoggerFactory.getLogger(PluginBoot.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final BundleContext context;
    private final Reconciler reconciler;
    private final Semaphore changes = new Semaphore(0);
    private final GenerationBuilder builder;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("slipway-plugin-boot").factory());
    private volatile @Nullable ServiceRegistration<Plugins> registration;

    /** Used by the component runtime. */
    @Activate
    public PluginBoot(BundleContext context) {
        var folder = home(context).resolve("plugins");
        this.context = context;
        this.reconciler = new Reconciler(
                context,
                new PluginFolder(folder),
                new SelectionJournal(folder.resolve("journal.jsonl"), InstantSource.system()));
        this.builder = new GenerationBuilder(context, changes::release);
    }

    @Activate
    void start() {
        builder.open();
        thread.execute(this::boot);
    }

    @Deactivate
    void stop() {
        thread.shutdownNow();
        var published = registration;
        if (published != null) {
            published.unregister();
        }
        builder.close();
    }

    private void boot() {
        try {
            var installed = reconciler.reconcile();
            awaitProviders(installed);
            registration = context.registerService(Plugins.class, new GenerationPlugins(builder, installed), null);
            LOG.info("Plug-ins are up: {}", installed.keySet());
        } catch (IOException e) {
            LOG.error("Plug-ins cannot be read; nothing that needs them starts. Check the folder and restart", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitProviders(SortedMap<PluginId, Reconciler.Installed> installed) throws InterruptedException {
        var wanted = installed.values().stream()
                .filter(plugin -> plugin.failure().isEmpty())
                .map(Reconciler.Installed::bundle)
                .collect(Collectors.toSet());
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (!builder.providingBundles().containsAll(wanted)) {
            if (!changes.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                wanted.removeAll(builder.providingBundles());
                LOG.warn("Plug-ins {} have registered no provider after {}", wanted, PATIENCE);
                return;
            }
        }
    }

    private static Path home(BundleContext context) {
        var home = context.getProperty("slipway.home");
        return Path.of(Objects.requireNonNullElse(home == null ? context.getProperty("karaf.base") : home, "."));
    }
}
