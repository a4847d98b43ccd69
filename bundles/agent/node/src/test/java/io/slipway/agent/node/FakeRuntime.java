package io.slipway.agent.node;

import io.slipway.model.image.ImageRef;
import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.spi.ImageStore;
import io.slipway.runtime.spi.InstalledImage;
import io.slipway.runtime.spi.KernelLogs;
import io.slipway.runtime.spi.KernelRuntime;
import io.slipway.runtime.spi.KernelRuntimeException;
import io.slipway.runtime.spi.KernelSpec;
import io.slipway.runtime.spi.KernelStats;
import io.slipway.runtime.spi.OwnedKernel;
import io.slipway.runtime.spi.RuntimeTraits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A runtime in memory whose containers outlive the agent under test. */
final class FakeRuntime implements KernelRuntime, ImageStore, KernelLogs, KernelStats {

    static final ImageRef PYTHON = new ImageRef("local", "python", "3", "x86_64");
    static final ImageRef REMOTE = new ImageRef("registry.example", "team/tool", "1", "x86_64");
    static final ImageRef EMPTY = new ImageRef("local", "scratch", "1", "x86_64");
    static final ImageRef SHELL = new ImageRef("local", "busybox", "1", "x86_64");

    /** One container. */
    static final class Container {
        final KernelSpec spec;
        final CompletableFuture<KernelExit> exit = new CompletableFuture<>();
        volatile boolean started;

        Container(KernelSpec spec) {
            this.spec = spec;
        }
    }

    final Map<KernelId, Container> containers = new ConcurrentHashMap<>();
    volatile Set<String> registries = Set.of("local");
    volatile boolean carriesDriver = true;
    volatile boolean canRun = true;
    volatile @Nullable String createFailure;
    volatile @Nullable String startFailure;
    volatile @Nullable String stopFailure;
    volatile @Nullable String listFailure;
    volatile boolean exitsAtStart;
    volatile String log = "";
    /** Blocks create until completed, if set. */
    volatile @Nullable CompletableFuture<Void> createGate;

    final AtomicInteger creations = new AtomicInteger();
    final AtomicInteger pulls = new AtomicInteger();
    /** Blocks pull until completed, if set. */
    volatile @Nullable CompletableFuture<Void> pullGate;

    volatile @Nullable String pullFailure;
    volatile @Nullable String imagesFailure;
    volatile boolean isPulled;

    /** What every kernel uses; none can be measured without. */
    volatile @Nullable Usage usage;

    @Override
    public Usage usage(KernelId kernel) throws KernelRuntimeException {
        var present = usage;
        if (present == null) {
            throw new KernelRuntimeException("not measured");
        }
        return present;
    }

    @Override
    public RuntimeTraits traits() {
        return new RuntimeTraits(registries, carriesDriver, canRun ? "ok" : "no isolation tools", canRun);
    }

    @Override
    public void create(KernelSpec spec, Duration limit) throws KernelRuntimeException {
        fail(createFailure);
        var gate = createGate;
        if (gate != null) {
            await(gate, limit);
        }
        creations.incrementAndGet();
        containers.putIfAbsent(spec.kernel(), new Container(spec));
    }

    private static void await(CompletableFuture<?> gate, Duration limit) throws KernelRuntimeException {
        try {
            gate.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KernelRuntimeException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new KernelRuntimeException("gate", e);
        }
    }

    private static void fail(@Nullable String message) throws KernelRuntimeException {
        if (message != null) {
            throw new KernelRuntimeException(message);
        }
    }

    private Container container(KernelId kernel) throws KernelRuntimeException {
        var container = containers.get(kernel);
        if (container == null) {
            throw new KernelRuntimeException("no container of kernel " + kernel);
        }
        return container;
    }

    @Override
    public OwnedKernel start(KernelId kernel, Duration limit) throws KernelRuntimeException {
        fail(startFailure);
        var container = container(kernel);
        container.started = true;
        if (exitsAtStart) {
            exit(kernel, new KernelExit(ExitReason.SELF_TERMINATED, 3, ""));
        }
        return owned(kernel, container);
    }

    void exit(KernelId kernel, KernelExit exit) {
        containers.get(kernel).exit.complete(exit);
    }

    @Override
    public void stop(KernelId kernel, Duration grace) throws KernelRuntimeException {
        fail(stopFailure);
        var container = containers.get(kernel);
        if (container != null) {
            container.exit.complete(new KernelExit(ExitReason.SIGNAL, 137, ""));
        }
    }

    @Override
    public void remove(KernelId kernel) {
        containers.remove(kernel);
    }

    @Override
    public List<OwnedKernel> list() throws KernelRuntimeException {
        fail(listFailure);
        return containers.entrySet().stream()
                .map(entry -> owned(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static OwnedKernel owned(KernelId kernel, Container container) {
        var exit = container.exit.getNow(null);
        var state = exit != null
                ? OwnedKernel.State.EXITED
                : container.started ? OwnedKernel.State.RUNNING : OwnedKernel.State.CREATED;
        return new OwnedKernel(kernel, "c-" + kernel, container.spec.labels(), state, exit);
    }

    @Override
    public Optional<KernelExit> awaitExit(KernelId kernel, Duration limit) throws KernelRuntimeException {
        try {
            return Optional.of(container(kernel).exit.get(limit.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KernelRuntimeException("interrupted", e);
        } catch (ExecutionException e) {
            throw new KernelRuntimeException("broken", e);
        }
    }

    @Override
    public List<InstalledImage> images() throws KernelRuntimeException {
        fail(imagesFailure);
        var images = new ArrayList<>(List.of(
                new InstalledImage(PYTHON, "d1", 0, Map.of("ai.backend.resource.min.cpu", "1"), true),
                new InstalledImage(SHELL, "d2", 0, Map.of(), false),
                new InstalledImage(EMPTY, "d3", 0, Map.of(), null, null)));
        if (isPulled) {
            images.add(new InstalledImage(REMOTE, "d4", 7, Map.of(), "/usr/local/bin/python3", "/bin/sh"));
        }
        return images;
    }

    @Override
    public void pull(ImageRef image, Duration limit, Consumer<PullProgress> progress) throws KernelRuntimeException {
        pulls.incrementAndGet();
        progress.accept(new PullProgress(100L << 20, 200L << 20));
        var gate = pullGate;
        if (gate != null) {
            await(gate, limit);
        }
        fail(image.equals(REMOTE) ? pullFailure : "no such image");
        isPulled = true;
    }

    @Override
    public Optional<InstalledImage> image(ImageRef image, Duration limit) throws KernelRuntimeException {
        return images().stream()
                .filter(installed -> installed.ref().equals(image))
                .findFirst();
    }

    @Override
    public byte[] tail(KernelId kernel, int maxBytes) {
        return log.getBytes(StandardCharsets.UTF_8);
    }
}
