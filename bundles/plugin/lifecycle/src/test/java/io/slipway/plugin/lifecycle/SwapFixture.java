package io.slipway.plugin.lifecycle;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.plugin.api.Lease;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginSet;
import io.slipway.plugin.api.PluginStatus;
import io.slipway.plugin.api.Plugins;
import io.slipway.plugin.api.SwapOutcome;
import io.slipway.plugin.api.SwapProgress;
import io.slipway.plugin.api.SwapStep;
import io.slipway.plugin.lifecycle.spi.Ledger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** The lifecycle over a real framework, with the plug-ins of one home; it can crash at a step and come back. */
final class SwapFixture {

    private static final PluginId GREETER = new PluginId("greeter");

    private final Path home;
    private final Consumer<String> failpoints;
    private final RunningPlugins running = new RunningPlugins();
    private FrameworkFixture framework;
    private SelectionJournal journal;
    private ProviderTracker tracker;
    private SwapEngine engine;
    private volatile PluginSet<Supplier<String>> suppliers;
    private volatile @Nullable String crashPoint;
    private VersionBook book;
    private List<CompletableFuture<List<SwapOutcome>>> takenUp = List.of();
    final TestVerifier verifier = new TestVerifier();
    private SwapLimits limits = new SwapLimits(
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            spi -> ProbationLimits.USUAL.withWindow(Duration.ofMillis(50)));

    /** Stands for the end of the process: nothing cleans up after it. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1;
    }

    SwapFixture(Path home) throws Exception {
        this(home, point -> {});
    }

    SwapFixture(Path home, Consumer<String> failpoints) throws Exception {
        this.home = home;
        this.failpoints = failpoints;
        boot();
    }

    /** Boots with other limits for what it takes up. */
    SwapFixture(Path home, SwapLimits limits) throws Exception {
        this.home = home;
        this.failpoints = point -> {};
        this.limits = limits;
        boot();
    }

    @SuppressWarnings("unchecked") // an SPI with a type parameter, for the test only
    private void boot() throws Exception {
        framework = new FrameworkFixture(home.resolve("cache"));
        var configurations = framework.configurations();
        var reasons = new ComponentReasons(framework.startComponentRuntime());
        var folder = new PluginFolder(home.resolve("plugins"));
        journal = new SelectionJournal(home.resolve("plugins/journal.jsonl"), () -> Instant.EPOCH);
        tracker = new ProviderTracker(framework.context(), Duration.ofSeconds(1), Duration.ofMinutes(10), () -> {});
        tracker.open();
        var bundles = new PluginBundles(framework.context(), Duration.ofSeconds(20), new PluginGate(verifier, journal));
        var settings = new VersionSettings(folder, configurations);
        var reconciler = new Reconciler(folder, journal, bundles, settings);
        running.set(reconciler.install());
        var broken = reconciler.broken();
        tracker.serve(running.all().stream()
                .map(InstalledPlugin::bundle)
                .filter(Objects::nonNull)
                .toList());
        for (var plugin : running.all()) {
            running.put(bundles.start(plugin));
        }
        suppliers =
                (PluginSet<Supplier<String>>) (PluginSet<?>) new LivePluginSet<>(Supplier.class, tracker::generation);
        book = new VersionBook();
        engine = new SwapEngine(new SwapParts(
                folder, journal, bundles, tracker, reasons, running, settings, book, limits, this::reached));
        takenUp = broken.stream().map(engine::takeUp).toList();
    }

    private void reached(String point) {
        failpoints.accept(point);
        if (point.equals(crashPoint)) {
            throw new Crash();
        }
    }

    /** Returns the probations that the last boot has taken up. */
    List<CompletableFuture<List<SwapOutcome>>> takenUp() {
        return takenUp;
    }

    void crashAt(@Nullable String point) {
        crashPoint = point;
    }

    /** Sets the limits of changes that begin from now on. */
    void limits(SwapLimits next) {
        limits = next;
        engine.limit(next);
    }

    Plugins plugins() {
        return new ReconciledPlugins(
                tracker,
                new PluginStatuses(tracker, new ComponentReasons(framework.components())::of, book),
                running::all);
    }

    PluginStatus status() {
        return plugins().statuses().stream()
                .filter(status -> status.id().equals(GREETER))
                .findFirst()
                .orElseThrow();
    }

    ConfigurationAdmin configurations() throws BundleException {
        return framework.configurations();
    }

    ServiceComponentRuntime components() {
        return framework.components();
    }

    SwapEngine engine() {
        return engine;
    }

    /** Gives an order; returns when a version that comes by it is on probation. */
    <T> CompletableFuture<T> onProbation(Function<Consumer<SwapProgress>, CompletableFuture<T>> order)
            throws InterruptedException {
        var isWatched = new CountDownLatch(1);
        var end = order.apply(progress -> {
            if (progress.step() == SwapStep.PROBATION) {
                isWatched.countDown();
            }
        });
        assertTrue(isWatched.await(60, TimeUnit.SECONDS));
        return end;
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

    /** Returns the ledger of a plug-in; each call goes through a lease of its own. */
    Ledger ledger(String id) {
        return new LeasedLedger(
                new LivePluginSet<>(Ledger.class, tracker::generation, tracker::listen), new PluginId(id));
    }

    private record LeasedLedger(PluginSet<Ledger> ledgers, PluginId id) implements Ledger {

        @Override
        public String read(String key) {
            try (var lease = ledgers.lease(id)) {
                return lease.get().read(key);
            }
        }

        @Override
        public String write(String line) {
            try (var lease = ledgers.lease(id)) {
                return lease.get().write(line);
            }
        }

        @Override
        public String await(long millis) throws InterruptedException {
            try (var lease = ledgers.lease(id)) {
                return lease.get().await(millis);
            }
        }
    }

    String journaledVersion(String id) throws Exception {
        return String.valueOf(journal.selection().get(new PluginId(id)));
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
