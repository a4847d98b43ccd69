package io.slipway.manager.gateway;

import io.slipway.plugin.api.FetchedPlugins;
import io.slipway.plugin.api.OfferedPlugin;
import io.slipway.plugin.api.PluginAdministration;
import io.slipway.plugin.api.PluginArtifact;
import io.slipway.plugin.api.PluginContents;
import io.slipway.plugin.api.PluginExplanation;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginSet;
import io.slipway.plugin.api.PluginSources;
import io.slipway.plugin.api.PluginStatus;
import io.slipway.plugin.api.PluginTransaction;
import io.slipway.plugin.api.PluginVerdict;
import io.slipway.plugin.api.PluginVerdict.Finding;
import io.slipway.plugin.api.PluginVerifier;
import io.slipway.plugin.api.Plugins;
import io.slipway.plugin.api.SwapOutcome;
import io.slipway.plugin.api.SwapPlan;
import io.slipway.plugin.api.SwapProgress;
import io.slipway.plugin.api.SwapRecord;
import io.slipway.plugin.api.SwapStep;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Plug-ins on paper: one, {@code noop} 1.0.0; what is ordered is written down. */
final class FakePlugins implements PluginAdministration, PluginSources, AutoCloseable {

    static final PluginId NOOP = new PluginId("noop");

    final List<String> orders = new ArrayList<>();
    Finding finding = Finding.TRUSTED;
    SwapOutcome outcome = new SwapOutcome.Swapped(NOOP, "1.0.0", "1.1.0", Duration.ofMillis(350), "");
    int open;
    volatile boolean isDevelopment;
    private final Path folder;

    FakePlugins() {
        try {
            folder = Files.createTempDirectory("slipway-uploads");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the files that were sent. */
    List<Path> uploads() {
        try (var files = Files.list(folder)) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    PluginDesk desk() {
        return new PluginDesk(new Listed(List.of(status())), this, this, new Mode(this), folder);
    }

    private record Listed(List<PluginStatus> statuses) implements Plugins {

        @Override
        public <T> PluginSet<T> set(Class<T> spi) {
            throw new UnsupportedOperationException("nobody leases here");
        }
    }

    private record Mode(FakePlugins plugins) implements PluginVerifier {

        @Override
        public PluginVerdict verify(Path file) {
            throw new UnsupportedOperationException("the sources verify");
        }

        @Override
        public PluginVerdict verify(String name, byte[] content) {
            throw new UnsupportedOperationException("the sources verify");
        }

        @Override
        public boolean isUnsignedAllowed() {
            return plugins.isDevelopment;
        }
    }

    private static PluginStatus status() {
        return new PluginStatus(NOOP, "1.0.0", List.of("KernelRuntime"), PluginStatus.State.ACTIVE, "", 3);
    }

    @Override
    public void close() {
        try {
            for (var file : uploads()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private CompletableFuture<SwapOutcome> order(String what, Consumer<SwapProgress> listener) {
        orders.add(what);
        listener.accept(new SwapProgress(NOOP, "1.1.0", SwapStep.CHECK));
        listener.accept(new SwapProgress(NOOP, "1.1.0", SwapStep.SELF_TEST));
        return CompletableFuture.completedFuture(outcome);
    }

    @Override
    public SwapPlan plan(PluginArtifact artifact) {
        return new SwapPlan(
                NOOP,
                "1.0.0",
                "1.1.0",
                List.of(),
                3,
                List.of("KernelRuntime.awaitExit: 3"),
                List.of("io.slipway.runtime.noop 1.1.0"),
                List.of("12 kernels"),
                List.of());
    }

    @Override
    public CompletableFuture<SwapOutcome> swap(PluginArtifact artifact, Consumer<SwapProgress> listener) {
        return order("swap " + artifact.id(), listener);
    }

    @Override
    public CompletableFuture<SwapOutcome> select(PluginId id, String version, Consumer<SwapProgress> listener) {
        return order("select " + id + " " + version, listener);
    }

    @Override
    public CompletableFuture<List<SwapOutcome>> apply(PluginTransaction transaction, Consumer<SwapProgress> listener) {
        var artifact = transaction.artifacts().getFirst();
        var settings =
                transaction.settings().stream().map(each -> " " + each.values()).collect(Collectors.joining());
        return order("apply " + artifact.id() + " " + artifact.origin() + settings, listener)
                .thenApply(List::of);
    }

    @Override
    public CompletableFuture<SwapOutcome> rollback(PluginId id, Consumer<SwapProgress> listener) {
        return order("rollback " + id, listener);
    }

    @Override
    public List<String> versions(PluginId id) {
        return List.of("1.0.0", "1.1.0");
    }

    @Override
    public PluginExplanation explain(PluginId id) {
        if (!id.equals(NOOP)) {
            return new PluginExplanation(id, Optional.empty(), List.of(), List.of(), List.of(), List.of());
        }
        var status = new PluginStatus(NOOP, "1.0.0", List.of("KernelRuntime"), PluginStatus.State.ACTIVE, "", 3);
        var calls = new PluginExplanation.Calls(
                "1.0.0", "KernelRuntime.create", 100, 2, Duration.ofMillis(5), Duration.ofMillis(40), 3);
        return new PluginExplanation(
                NOOP, Optional.of(status), versions(id), List.of("It serves."), List.of(calls), history());
    }

    @Override
    public List<SwapRecord> history() {
        return List.of(
                new SwapRecord(Instant.EPOCH, new PluginId("cpu"), "1.0.0", "select", ""),
                new SwapRecord(Instant.EPOCH, NOOP, "1.0.0", "select", "shipped"));
    }

    @Override
    public FetchedPlugins fetch(String where, Optional<PluginId> id) throws IOException {
        if (where.contains("nowhere")) {
            throw new IOException("there is no file nowhere");
        }
        open++;
        var artifact = new PluginArtifact(id.orElse(NOOP), Path.of("/fetched.jar"), where);
        var verdict =
                new PluginVerdict(finding, "io.slipway.runtime.noop", "1.1.0", "0".repeat(64), "CN=site", "in words");
        return new Open(List.of(new FetchedPlugins.Fetched(artifact, verdict)));
    }

    private final class Open implements FetchedPlugins {

        private final List<Fetched> plugins;

        Open(List<Fetched> plugins) {
            this.plugins = plugins;
        }

        @Override
        public List<PluginTransaction.Settings> settings(Map<String, String> values) {
            return values.entrySet().stream()
                    .map(each -> new PluginTransaction.Settings(NOOP, "pid", Map.of(each.getKey(), each.getValue())))
                    .toList();
        }

        @Override
        public List<Fetched> plugins() {
            return plugins;
        }

        @Override
        public void close() {
            open--;
        }
    }

    @Override
    public FetchedPlugins open(Path file, Optional<PluginId> id, String origin) throws IOException {
        return fetch(origin, id);
    }

    @Override
    public List<OfferedPlugin> offers() {
        return List.of();
    }

    @Override
    public PluginContents contents(PluginId id, String version) throws IOException {
        if (!version.equals("1.0.0")) {
            throw new IOException("no repository has " + id + " in version " + version);
        }
        var part =
                new PluginContents.Part("org.acme:codec", "3.1", List.of("Apache-2.0"), "pkg:maven/org.acme/codec@3.1");
        return new PluginContents("noop.cdx.json of /repository", List.of(part));
    }

    @Override
    public long maxBytes() {
        return 1_000;
    }
}
