package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.Lease;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginSet;
import io.slipway.plugin.api.SwapStep;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** The lifecycle over a real framework, with the plug-ins of one home; it can crash at a step and come back. */
final class SwapFixture {

    private static final PluginId GREETER = new PluginId("greeter");

    private final Path home;
    private final RunningPlugins running = new RunningPlugins();
    private FrameworkFixture framework;
    private SelectionJournal journal;
    private ProviderTracker tracker;
    private SwapEngine engine;
    private volatile PluginSet<Supplier<String>> suppliers;
    private volatile @Nullable SwapStep crashStep;

    /** Stands for the end of the process: nothing cleans up after it. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1;
    }

    SwapFixture(Path home) throws Exception {
        this.home = home;
        boot();
    }

    @SuppressWarnings("unchecked") // an SPI with a type parameter, for the test only
    private void boot() throws Exception {
        framework = new FrameworkFixture(home.resolve("cache"));
        var reasons = new ComponentReasons(framework.startComponentRuntime());
        var folder = new PluginFolder(home.resolve("plugins"));
        journal = new SelectionJournal(home.resolve("plugins/journal.jsonl"), () -> Instant.EPOCH);
        tracker = new ProviderTracker(framework.context(), Duration.ofSeconds(1), () -> {});
        tracker.open();
        var bundles = new PluginBundles(framework.context(), Duration.ofSeconds(1));
        running.set(new Reconciler(folder, journal, bundles).install());
        tracker.serve(running.all().stream()
                .map(InstalledPlugin::bundle)
                .filter(Objects::nonNull)
                .toList());
        for (var plugin : running.all()) {
            running.put(bundles.start(plugin));
        }
        suppliers =
                (PluginSet<Supplier<String>>) (PluginSet<?>) new LivePluginSet<>(Supplier.class, tracker::generation);
        var limits = new SwapLimits(Duration.ofSeconds(4), Duration.ofSeconds(10));
        engine = new SwapEngine(
                new SwapParts(folder, journal, bundles, tracker, reasons, running, limits, this::reached));
    }

    private void reached(SwapStep step) {
        if (step == crashStep) {
            throw new Crash();
        }
    }

    void crashAt(@Nullable SwapStep step) {
        crashStep = step;
    }

    SwapEngine engine() {
        return engine;
    }

    BundleContext context() {
        return framework.context();
    }

    Lease<Supplier<String>> lease() {
        return suppliers.lease(GREETER);
    }

    String call() {
        try (var lease = lease()) {
            return lease.get().get();
        }
    }

    String journaledVersion() throws Exception {
        return journal.selection().get(GREETER).toString();
    }

    List<String> activeVersions() {
        return Arrays.stream(framework.context().getBundles())
                .filter(PluginBundles::isPlugin)
                .filter(bundle -> bundle.getState() == Bundle.ACTIVE)
                .map(bundle -> bundle.getVersion().toString())
                .toList();
    }

    void restart() throws Exception {
        close();
        boot();
    }

    void close() throws Exception {
        engine.close();
        tracker.close();
        framework.close();
    }
}
