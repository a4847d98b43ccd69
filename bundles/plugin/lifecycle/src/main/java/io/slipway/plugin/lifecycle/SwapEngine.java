package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginAdministration;
import io.slipway.plugin.api.PluginArtifact;
import io.slipway.plugin.api.PluginExplanation;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginTransaction;
import io.slipway.plugin.api.SwapOutcome;
import io.slipway.plugin.api.SwapPlan;
import io.slipway.plugin.api.SwapProgress;
import io.slipway.plugin.api.SwapRecord;
import io.slipway.plugin.api.SwapStep;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes orders to change plug-ins and gives each to a {@link Swap}; never two at once for one plug-in. */
final class SwapEngine implements PluginAdministration, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SwapEngine.class);

    private volatile SwapParts parts;
    private final SwapCounts counts = new SwapCounts();
    private final Map<PluginId, Running> busy = new HashMap<>(); // guarded by itself, never across a call
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("slipway-plugin-swap-", 0).factory());

    SwapEngine(SwapParts parts) {
        this.parts = parts;
    }

    /** Returns how changes have ended. */
    SwapCounts counts() {
        return counts;
    }

    /** Gives changes that begin from now on other limits. */
    synchronized void limit(SwapLimits limits) {
        parts = parts.with(limits);
    }

    @Override
    public SwapPlan plan(PluginArtifact artifact) {
        return new Planner(parts).plan(artifact, isBusy(artifact.id()) ? List.of(otherSwap(artifact.id())) : List.of());
    }

    private boolean isBusy(PluginId id) {
        synchronized (busy) {
            return busy.containsKey(id);
        }
    }

    @Override
    public CompletableFuture<SwapOutcome> swap(PluginArtifact artifact, Consumer<SwapProgress> listener) {
        return begin(order(artifact, List.of()), listener);
    }

    private static Swap.Order order(PluginArtifact artifact, List<PluginTransaction.Settings> settings) {
        var own = new TreeMap<String, Map<String, String>>();
        settings.stream()
                .filter(each -> each.id().equals(artifact.id()))
                .forEach(each -> own.put(each.pid(), each.values()));
        return new Swap.Order(artifact.id(), artifact.jar(), artifact.origin(), own, false);
    }

    @Override
    public CompletableFuture<SwapOutcome> select(PluginId id, String version, Consumer<SwapProgress> listener) {
        try {
            var jar = Optional.ofNullable(parts.folder().versions().get(id))
                    .map(onDisk -> onDisk.get(Version.parseVersion(version)));
            return jar.isPresent()
                    ? begin(
                            new Swap.Order(id, jar.get(), "selected from disk", Map.of(), isOlder(id, version)),
                            listener)
                    : refused(id, "version " + version + " is not on disk; there are " + versions(id));
        } catch (IOException | IllegalArgumentException e) {
            return refused(id, "version " + version + " cannot be read: " + e.getMessage());
        }
    }

    /** An older version may provide less than the one in use. */
    private boolean isOlder(PluginId id, String version) {
        return parts.running()
                .find(id)
                .filter(plugin -> Version.parseVersion(version).compareTo(plugin.version()) < 0)
                .isPresent();
    }

    @Override
    public CompletableFuture<SwapOutcome> rollback(PluginId id, Consumer<SwapProgress> listener) {
        var ended = takeBack(id);
        if (ended.isPresent()) {
            return ended.get();
        }
        try {
            var current =
                    parts.running().find(id).map(plugin -> plugin.version().toString());
            var onDisk = versions(id);
            var before = new GoodVersions(history(), id)
                    .latestFirst().stream()
                            .filter(version -> !version.equals(current.orElse("")) && onDisk.contains(version))
                            .findFirst();
            return before.isPresent()
                    ? select(id, before.get(), listener)
                    : refused(id, "no other version of it that is on disk was ever selected and good");
        } catch (IOException e) {
            return refused(id, "the journal cannot be read: " + e.getMessage());
        }
    }

    /** The change that is on probation, or drains the old version, goes back; its end is the end of this order too. */
    private Optional<CompletableFuture<SwapOutcome>> takeBack(PluginId id) {
        synchronized (busy) {
            var running = busy.get(id);
            var why = parts.book().probation(id).isPresent()
                    ? "an operator has ended the probation"
                    : "an operator has taken it back";
            if (running == null || !running.change().takeBack(why)) {
                return Optional.empty();
            }
            return Optional.of(running.end().thenApply(outcomes -> of(id, outcomes)));
        }
    }

    private static SwapOutcome of(PluginId id, List<SwapOutcome> outcomes) {
        return outcomes.stream()
                .filter(outcome -> outcome.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public CompletableFuture<List<SwapOutcome>> apply(PluginTransaction transaction, Consumer<SwapProgress> listener) {
        var orders = transaction.artifacts().stream()
                .map(artifact -> order(artifact, transaction.settings()))
                .toList();
        return begin(orders, listener);
    }

    @Override
    public PluginExplanation explain(PluginId id) {
        return new PluginStory(parts).tell(id);
    }

    @Override
    public List<String> versions(PluginId id) throws IOException {
        var onDisk = parts.folder().versions().get(id);
        return onDisk == null
                ? List.of()
                : onDisk.keySet().stream()
                        .sorted(Comparator.naturalOrder())
                        .map(Version::toString)
                        .toList();
    }

    @Override
    public List<SwapRecord> history() throws IOException {
        return parts.journal().records();
    }

    private CompletableFuture<SwapOutcome> begin(Swap.Order order, Consumer<SwapProgress> listener) {
        return begin(List.of(order), listener).thenApply(List::getFirst);
    }

    /**
     * A change that is under way.
     *
     * @param end its outcomes
     */
    private record Running(Change change, CompletableFuture<List<SwapOutcome>> end) {}

    /** Goes on with a probation that the end of the process broke off. */
    CompletableFuture<List<SwapOutcome>> takeUp(BrokenTrial broken) {
        LOG.info(
                "On probation again after a restart, with {} behind them: {}",
                broken.before().values(),
                broken.before().keySet());
        var orders = broken.before().keySet().stream()
                .map(id -> new Swap.Order(id, jarInUse(id), "taken up again after a restart", Map.of(), false))
                .toList();
        return begin(orders, any -> {}, change -> change.takeUp(broken));
    }

    private Path jarInUse(PluginId id) {
        var version = parts.running().find(id).map(InstalledPlugin::version).orElse(Version.emptyVersion);
        return parts.folder().jar(id, version);
    }

    private CompletableFuture<List<SwapOutcome>> begin(List<Swap.Order> orders, Consumer<SwapProgress> listener) {
        return begin(orders, listener, Change::run);
    }

    private CompletableFuture<List<SwapOutcome>> begin(
            List<Swap.Order> orders, Consumer<SwapProgress> listener, Function<Change, List<SwapOutcome>> work) {
        var ids = orders.stream().map(Swap.Order::id).toList();
        var end = new CompletableFuture<List<SwapOutcome>>();
        Change change;
        synchronized (busy) {
            var other = ids.stream().filter(busy::containsKey).findFirst();
            if (other.isPresent()) {
                return CompletableFuture.completedFuture(ids.stream()
                        .<SwapOutcome>map(id -> new SwapOutcome.Refused(id, SwapStep.CHECK, otherSwap(other.get())))
                        .toList());
            }
            change = new Change(parts, orders, listener);
            ids.forEach(id -> busy.put(id, new Running(change, end)));
        }
        try {
            threads.execute(() -> run(change, work, ids, end));
        } catch (RejectedExecutionException e) {
            release(ids);
            end.completeExceptionally(e);
        }
        return end;
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: who waits for the end must hear of it in any case
    private void run(
            Change change,
            Function<Change, List<SwapOutcome>> work,
            List<PluginId> ids,
            CompletableFuture<List<SwapOutcome>> end) {
        try {
            var outcomes = work.apply(change);
            outcomes.forEach(outcome -> LOG.info("Plug-in {}: {}", outcome.id(), outcome));
            outcomes.forEach(counts::count);
            release(ids);
            end.complete(outcomes);
        } catch (RuntimeException | Error e) {
            LOG.error("Plug-ins {}: the change broke off", ids, e);
            release(ids);
            end.completeExceptionally(e);
        }
    }

    private void release(List<PluginId> ids) {
        synchronized (busy) {
            ids.forEach(busy::remove);
        }
    }

    private static String otherSwap(PluginId id) {
        return "another swap of " + id + " is running; try again when it is over";
    }

    private static CompletableFuture<SwapOutcome> refused(PluginId id, String why) {
        return CompletableFuture.completedFuture(new SwapOutcome.Refused(id, SwapStep.CHECK, why));
    }

    /** Takes no more orders; what runs is given up, and the next boot ends it one way or the other. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
