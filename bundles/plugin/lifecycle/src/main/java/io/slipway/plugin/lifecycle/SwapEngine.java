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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes orders to change plug-ins and gives each to a {@link Swap}; never two at once for one plug-in. */
final class SwapEngine implements PluginAdministration, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SwapEngine.class);
    private static final int MOST_LINES = 50;

    private final SwapParts parts;
    private final Set<PluginId> busy = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("slipway-plugin-swap-", 0).factory());

    SwapEngine(SwapParts parts) {
        this.parts = parts;
    }

    @Override
    public SwapPlan plan(PluginArtifact artifact) {
        var objections = new ArrayList<String>();
        var id = artifact.id();
        var old = parts.running().find(id);
        var bundle = old.map(InstalledPlugin::bundle);
        var refreshed = bundle.map(parts.bundles()::refreshedWith).orElse(List.of());
        var newVersion = "";
        try {
            var candidate = CandidateJar.read(id, artifact.jar());
            newVersion = candidate.jar().version().toString();
            SwapCheck.compare(old, candidate).ifPresent(objections::add);
        } catch (SwapRefusedException e) {
            objections.add(String.valueOf(e.getMessage()));
        }
        SwapCheck.refresh(refreshed).ifPresent(objections::add);
        if (busy.contains(id)) {
            objections.add(otherSwap(id));
        }
        return new SwapPlan(
                id,
                old.map(plugin -> plugin.version().toString()).orElse(""),
                newVersion,
                refreshed,
                bundle.map(any -> parts.tracker().providersOf(any).leases()).orElse(0L),
                List.of(),
                List.of(),
                List.of(),
                objections);
    }

    @Override
    public CompletableFuture<SwapOutcome> swap(PluginArtifact artifact, Consumer<SwapProgress> listener) {
        return begin(artifact.id(), artifact.jar(), artifact.origin(), listener);
    }

    @Override
    public CompletableFuture<SwapOutcome> select(PluginId id, String version, Consumer<SwapProgress> listener) {
        try {
            var jar = Optional.ofNullable(parts.folder().versions().get(id))
                    .map(onDisk -> onDisk.get(Version.parseVersion(version)));
            return jar.isPresent()
                    ? begin(id, jar.get(), "selected from disk", listener)
                    : refused(id, "version " + version + " is not on disk; there are " + versions(id));
        } catch (IOException | IllegalArgumentException e) {
            return refused(id, "version " + version + " cannot be read: " + e.getMessage());
        }
    }

    @Override
    public CompletableFuture<SwapOutcome> rollback(PluginId id, Consumer<SwapProgress> listener) {
        try {
            var current = parts.journal().selection().get(id);
            var before = history().reversed().stream()
                    .filter(line -> line.id().equals(id) && line.step().equals(SelectionJournal.SELECT))
                    .map(SwapRecord::version)
                    .filter(version -> current == null || !version.equals(current.toString()))
                    .findFirst();
            return before.isPresent()
                    ? select(id, before.get(), listener)
                    : refused(id, "no other version of it was ever selected");
        } catch (IOException e) {
            return refused(id, "the journal cannot be read: " + e.getMessage());
        }
    }

    @Override
    public CompletableFuture<List<SwapOutcome>> apply(PluginTransaction transaction, Consumer<SwapProgress> listener) {
        var artifacts = transaction.artifacts();
        if (artifacts.size() == 1 && transaction.settings().isEmpty()) {
            return swap(artifacts.getFirst(), listener).thenApply(List::of);
        }
        return CompletableFuture.completedFuture(artifacts.stream()
                .<SwapOutcome>map(artifact -> new SwapOutcome.Refused(
                        artifact.id(), SwapStep.CHECK, "several changes at once are not possible yet"))
                .toList());
    }

    @Override
    public PluginExplanation explain(PluginId id) {
        try {
            var lines = history().stream().filter(line -> line.id().equals(id)).toList();
            var last = lines.subList(Math.max(0, lines.size() - MOST_LINES), lines.size());
            return new PluginExplanation(id, Optional.empty(), versions(id), List.of(), List.of(), last);
        } catch (IOException e) {
            return new PluginExplanation(
                    id, Optional.empty(), List.of(), List.of("the journal cannot be read: " + e), List.of(), List.of());
        }
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

    private CompletableFuture<SwapOutcome> begin(
            PluginId id, Path jar, String origin, Consumer<SwapProgress> listener) {
        if (!busy.add(id)) {
            return refused(id, otherSwap(id));
        }
        return CompletableFuture.supplyAsync(() -> new Swap(parts, id, origin, listener).run(jar), threads)
                .whenComplete((outcome, failure) -> {
                    busy.remove(id);
                    if (failure == null) {
                        LOG.info("Plug-in {}: {}", id, outcome);
                    } else {
                        LOG.error("Plug-in {}: the swap broke off", id, failure);
                    }
                });
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
