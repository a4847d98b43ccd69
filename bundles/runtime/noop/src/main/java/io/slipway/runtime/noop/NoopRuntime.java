package io.slipway.runtime.noop;

import io.slipway.model.image.ImageRef;
import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.setting.InstallationFolder;
import io.slipway.plugin.api.SelfCheck;
import io.slipway.runtime.spi.ImageStore;
import io.slipway.runtime.spi.InstalledImage;
import io.slipway.runtime.spi.KernelRuntime;
import io.slipway.runtime.spi.KernelRuntimeException;
import io.slipway.runtime.spi.KernelSpec;
import io.slipway.runtime.spi.OwnedKernel;
import io.slipway.runtime.spi.OwnedKernel.State;
import io.slipway.runtime.spi.RuntimeTraits;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
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
 * the cost of one small file each, so that benchmarks measure all that is around a runtime. What is known of a kernel is in
 * its file alone: two versions of this plug-in beside each other see the same. Thread-safe.
 */
@Component(service = KernelRuntime.class, property = "slipway.plugin.id=noop")
public final class NoopRuntime implements KernelRuntime, ImageStore, SelfCheck {

    private static final String REGISTRY = "noop";
    private static final RuntimeTraits TRAITS = new RuntimeTraits(Set.of(REGISTRY), false, "ok", true);
    private static final KernelExit ENDED = new KernelExit(ExitReason.USER_REQUESTED, 0, "");

    private final KernelFiles files;
    private final InstalledImage image;
    private final ConcurrentMap<KernelId, CompletableFuture<KernelExit>> ends = new ConcurrentHashMap<>();

    /** Used by the component runtime. */
    @Activate
    public NoopRuntime(BundleContext context) throws IOException {
        this(
                InstallationFolder.of(context::getProperty).resolve("noop-kernels"),
                architecture(System.getProperty("os.arch", "")));
    }

    NoopRuntime(Path folder, String architecture) throws IOException {
        this.image = new InstalledImage(
                new ImageRef(REGISTRY, "noop", "latest", architecture), "noop", 0, Map.of(), null, null);
        this.files = new KernelFiles(folder, ENDED);
    }

    @Override
    public RuntimeTraits traits() {
        return TRAITS;
    }

    @Override
    public List<String> selfCheck() {
        return files.problems();
    }

    @Override
    public void create(KernelSpec spec, Duration limit) throws KernelRuntimeException {
        if (!spec.image().equals(image.ref())) {
            throw new KernelRuntimeException("the noop runtime has no image " + spec.image() + ", only " + image.ref());
        }
        if (find(spec.kernel()).isEmpty()) {
            put(new OwnedKernel(spec.kernel(), "noop-" + spec.kernel(), spec.labels(), State.CREATED, null));
        }
    }

    @Override
    public OwnedKernel start(KernelId kernel, Duration limit) throws KernelRuntimeException {
        var owned = get(kernel);
        return owned.state() == State.CREATED ? change(owned, State.RUNNING) : owned;
    }

    @Override
    public void stop(KernelId kernel, Duration grace) throws KernelRuntimeException {
        var owned = find(kernel);
        if (owned.isPresent() && owned.get().state() == State.RUNNING) {
            change(owned.get(), State.EXITED);
            end(kernel);
        }
    }

    @Override
    public void remove(KernelId kernel) throws KernelRuntimeException {
        var owned = find(kernel);
        if (owned.isPresent() && owned.get().state() == State.RUNNING) {
            throw new KernelRuntimeException("noop kernel " + kernel + " cannot be removed: it runs");
        }
        try {
            files.delete(kernel);
        } catch (IOException e) {
            throw new KernelRuntimeException("the file of noop kernel " + kernel + " cannot be deleted: " + e, e);
        }
        end(kernel);
    }

    private void end(KernelId kernel) {
        var waiting = ends.remove(kernel);
        if (waiting != null) {
            waiting.complete(ENDED);
        }
    }

    @Override
    public List<OwnedKernel> list() throws KernelRuntimeException {
        try {
            return files.readAll();
        } catch (IOException e) {
            throw new KernelRuntimeException("the files of noop kernels cannot be read: " + e, e);
        }
    }

    @Override
    public Optional<KernelExit> awaitExit(KernelId kernel, Duration limit) throws KernelRuntimeException {
        var end = ends.computeIfAbsent(kernel, any -> new CompletableFuture<>()); // before the look, to miss no end
        var owned = find(kernel);
        if (owned.isEmpty() || owned.get().exit() != null) {
            end(kernel);
        }
        try {
            var exit = owned.orElseThrow(() -> isUnknown(kernel)).exit();
            return Optional.of(exit == null ? end.get(limit.toNanos(), TimeUnit.NANOSECONDS) : exit);
        } catch (TimeoutException e) {
            return Optional.ofNullable(get(kernel).exit()); // another version of this plug-in may have ended it
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

    private Optional<OwnedKernel> find(KernelId kernel) throws KernelRuntimeException {
        try {
            return files.read(kernel);
        } catch (IOException e) {
            throw new KernelRuntimeException("the file of noop kernel " + kernel + " cannot be read: " + e, e);
        }
    }

    private OwnedKernel get(KernelId kernel) throws KernelRuntimeException {
        return find(kernel).orElseThrow(() -> isUnknown(kernel));
    }

    private static KernelRuntimeException isUnknown(KernelId kernel) {
        return new KernelRuntimeException("the noop runtime has no kernel " + kernel);
    }

    private OwnedKernel change(OwnedKernel owned, State state) throws KernelRuntimeException {
        try {
            files.change(owned.kernel(), state);
            var exit = state == State.EXITED ? ENDED : null;
            return new OwnedKernel(owned.kernel(), owned.containerId(), owned.labels(), state, exit);
        } catch (NoSuchFileException e) {
            throw isUnknown(owned.kernel());
        } catch (IOException e) {
            throw new KernelRuntimeException(
                    "the file of noop kernel " + owned.kernel() + " cannot be written: " + e, e);
        }
    }

    private void put(OwnedKernel owned) throws KernelRuntimeException {
        try {
            files.write(owned);
        } catch (IOException e) {
            throw new KernelRuntimeException(
                    "the file of noop kernel " + owned.kernel() + " cannot be written: " + e, e);
        }
    }

    private static String architecture(String javaName) {
        return switch (javaName) {
            case "amd64" -> ImageRef.DEFAULT_ARCHITECTURE;
            case "arm64" -> "aarch64";
            default -> javaName;
        };
    }
}
