package io.slipway.runtime.noop;

import io.slipway.model.image.ImageRef;
import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.spi.ImageStore;
import io.slipway.runtime.spi.InstalledImage;
import io.slipway.runtime.spi.KernelRuntime;
import io.slipway.runtime.spi.KernelRuntimeException;
import io.slipway.runtime.spi.KernelSpec;
import io.slipway.runtime.spi.OwnedKernel;
import io.slipway.runtime.spi.OwnedKernel.State;
import io.slipway.runtime.spi.RuntimeTraits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Runs nothing. Its kernels keep the promises of the SPI (they are found again after a restart, they end when asked) at
 * the cost of one small file each, so that benchmarks measure all that is around a runtime. Thread-safe.
 */
@Component(service = KernelRuntime.class, property = "slipway.plugin.id=noop")
public final class NoopRuntime implements KernelRuntime, ImageStore {

    private static final String REGISTRY = "noop";
    private static final RuntimeTraits TRAITS = new RuntimeTraits(Set.of(REGISTRY), false, "ok", true);
    private static final KernelExit ENDED = new KernelExit(ExitReason.USER_REQUESTED, 0, "");

    private final KernelFiles files;
    private final InstalledImage image;
    private final ConcurrentMap<KernelId, Entry> kernels;

    /** A kernel and its end, which comes when it is stopped. */
    private record Entry(OwnedKernel owned, CompletableFuture<KernelExit> end) {

        static Entry of(OwnedKernel owned) {
            var exit = owned.exit();
            return new Entry(owned, exit == null ? new CompletableFuture<>() : CompletableFuture.completedFuture(exit));
        }

        Entry at(State state) {
            var exit = state == State.EXITED ? ENDED : null;
            return new Entry(new OwnedKernel(owned.kernel(), owned.containerId(), owned.labels(), state, exit), end);
        }
    }

    /** Used by the component runtime. */
    @Activate
    public NoopRuntime(BundleContext context) throws IOException {
        this(home(context).resolve("noop-kernels"), architecture(System.getProperty("os.arch", "")));
    }

    NoopRuntime(Path folder, String architecture) throws IOException {
        this.image = new InstalledImage(
                new ImageRef(REGISTRY, "noop", "latest", architecture), "noop", 0, Map.of(), null, null);
        this.files = new KernelFiles(folder);
        this.kernels = new ConcurrentHashMap<>();
        for (var owned : files.readAll(ENDED)) {
            kernels.put(owned.kernel(), Entry.of(owned));
        }
    }

    @Override
    public RuntimeTraits traits() {
        return TRAITS;
    }

    @Override
    public void create(KernelSpec spec, Duration limit) throws KernelRuntimeException {
        if (!spec.image().equals(image.ref())) {
            throw new KernelRuntimeException("the noop runtime has no image " + spec.image() + ", only " + image.ref());
        }
        if (!kernels.containsKey(spec.kernel())) {
            var owned = new OwnedKernel(spec.kernel(), "noop-" + spec.kernel(), spec.labels(), State.CREATED, null);
            put(Entry.of(owned));
        }
    }

    @Override
    public OwnedKernel start(KernelId kernel, Duration limit) throws KernelRuntimeException {
        var entry = get(kernel);
        return entry.owned().state() == State.CREATED ? put(entry.at(State.RUNNING)) : entry.owned();
    }

    @Override
    public void stop(KernelId kernel, Duration grace) throws KernelRuntimeException {
        var entry = kernels.get(kernel);
        if (entry != null && entry.owned().state() == State.RUNNING) {
            put(entry.at(State.EXITED));
            entry.end().complete(ENDED);
        }
    }

    @Override
    public void remove(KernelId kernel) throws KernelRuntimeException {
        var entry = kernels.get(kernel);
        if (entry == null) {
            return;
        }
        if (entry.owned().state() == State.RUNNING) {
            throw new KernelRuntimeException("noop kernel " + kernel + " cannot be removed: it runs");
        }
        try {
            files.delete(kernel);
        } catch (IOException e) {
            throw new KernelRuntimeException("the file of noop kernel " + kernel + " cannot be deleted: " + e, e);
        }
        kernels.remove(kernel);
    }

    @Override
    public List<OwnedKernel> list() {
        return kernels.values().stream().map(Entry::owned).toList();
    }

    @Override
    public Optional<KernelExit> awaitExit(KernelId kernel, Duration limit) throws KernelRuntimeException {
        try {
            return Optional.of(get(kernel).end().get(limit.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KernelRuntimeException("the wait for noop kernel " + kernel + " was interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("an end never fails", e);
        }
    }

    @Override
    public List<InstalledImage> images() {
        return List.of(image);
    }

    @Override
    public Optional<InstalledImage> image(ImageRef wanted, Duration limit) {
        return wanted.equals(image.ref()) ? Optional.of(image) : Optional.empty();
    }

    private Entry get(KernelId kernel) throws KernelRuntimeException {
        var entry = kernels.get(kernel);
        if (entry == null) {
            throw new KernelRuntimeException("the noop runtime has no kernel " + kernel);
        }
        return entry;
    }

    private OwnedKernel put(Entry entry) throws KernelRuntimeException {
        var owned = entry.owned();
        try {
            files.write(owned);
        } catch (IOException e) {
            throw new KernelRuntimeException(
                    "the file of noop kernel " + owned.kernel() + " cannot be written: " + e, e);
        }
        kernels.put(owned.kernel(), entry);
        return owned;
    }

    private static Path home(BundleContext context) {
        for (var property : List.of("slipway.home", "karaf.base")) {
            var home = context.getProperty(property);
            if (home != null && !home.isBlank()) {
                return Path.of(home);
            }
        }
        throw new IllegalStateException("neither slipway.home nor karaf.base says where the installation is");
    }

    private static String architecture(String javaName) {
        return switch (javaName) {
            case "amd64" -> ImageRef.DEFAULT_ARCHITECTURE;
            case "arm64" -> "aarch64";
            default -> javaName;
        };
    }
}
