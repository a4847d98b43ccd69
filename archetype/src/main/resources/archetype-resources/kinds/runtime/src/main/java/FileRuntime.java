package ${package};

import io.slipway.model.image.ImageRef;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * A runtime whose kernels are files. It runs nothing yet, but keeps every promise of a runtime: put your engine where
 * {@code start} and {@code stop} change a file's state, then say {@code carriesDriver} and let the test extend
 * {@code ProgramRuntimeContract}. All that is known of a kernel is in the world, so two versions beside each other see
 * the same. It has one image, of which sessions can be made at once: {@code ${pluginId}/any:1}.
 */
@Component(service = KernelRuntime.class, property = "slipway.plugin.id=${pluginId}")
public final class FileRuntime implements KernelRuntime, ImageStore, SelfCheck {

    private static final RuntimeTraits TRAITS = new RuntimeTraits(Set.of("${pluginId}"), false, "ok", true);
    private static final String SUFFIX = ".properties";
    private static final long LOOK_MILLIS = 20;

    private final Path folder;
    private final InstalledImage image;

    @Activate
    public FileRuntime(BundleContext context) throws IOException {
        this(InstallationFolder.of(context::getProperty).resolve("${pluginId}-kernels"));
    }

    FileRuntime(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        var ref = ImageRef.parse("${pluginId}/any:1", architecture());
        this.image = new InstalledImage(ref, ref.toString(), 0, Map.of(), null, null);
    }

    private static String architecture() {
        var name = System.getProperty("os.arch");
        return name.equals("amd64") ? ImageRef.DEFAULT_ARCHITECTURE : name;
    }

    @Override
    public List<String> selfCheck() {
        return Files.isWritable(folder) ? List.of() : List.of(folder + " cannot be written");
    }

    @Override
    public RuntimeTraits traits() {
        return TRAITS;
    }

    @Override
    public List<InstalledImage> images() {
        return List.of(image);
    }

    @Override
    public Optional<InstalledImage> image(ImageRef wanted, Duration limit) {
        return Optional.of(image).filter(one -> one.ref().equals(wanted));
    }

    @Override
    public void create(KernelSpec spec, Duration limit) throws KernelRuntimeException {
        if (!spec.image().equals(image.ref())) {
            throw new KernelRuntimeException("there is no image " + spec.image() + ", only " + image.ref());
        }
        if (find(spec.kernel()).isEmpty()) {
            put(KernelFile.kernel(spec.kernel(), spec.labels(), State.CREATED));
        }
    }

    @Override
    public OwnedKernel start(KernelId kernel, Duration limit) throws KernelRuntimeException {
        var owned = get(kernel);
        return owned.state() == State.CREATED ? put(KernelFile.kernel(kernel, owned.labels(), State.RUNNING)) : owned;
    }

    @Override
    public void stop(KernelId kernel, Duration grace) throws KernelRuntimeException {
        var owned = find(kernel);
        if (owned.isPresent() && owned.get().state() == State.RUNNING) {
            put(KernelFile.kernel(kernel, owned.get().labels(), State.EXITED));
        }
    }

    @Override
    public void remove(KernelId kernel) throws KernelRuntimeException {
        if (find(kernel).filter(owned -> owned.state() == State.RUNNING).isPresent()) {
            throw new KernelRuntimeException("kernel " + kernel + " cannot be removed: it runs");
        }
        try {
            Files.deleteIfExists(file(kernel).file());
        } catch (IOException e) {
            throw new KernelRuntimeException("the file of kernel " + kernel + " cannot be deleted: " + e, e);
        }
    }

    @Override
    public List<OwnedKernel> list() throws KernelRuntimeException {
        var found = new ArrayList<OwnedKernel>();
        try (var files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (var file : files) {
                var name = file.getFileName().toString();
                find(new KernelId(UUID.fromString(name.substring(0, name.length() - SUFFIX.length()))))
                        .ifPresent(found::add);
            }
            return found;
        } catch (IOException e) {
            throw new KernelRuntimeException(folder + " cannot be read: " + e, e);
        }
    }

    @Override
    public Optional<KernelExit> awaitExit(KernelId kernel, Duration limit) throws KernelRuntimeException {
        var begun = System.nanoTime();
        try {
            while (true) {
                var exit = get(kernel).exit();
                if (exit != null) {
                    return Optional.of(exit);
                }
                var left = limit.minusNanos(System.nanoTime() - begun);
                if (!left.isPositive()) {
                    return Optional.empty();
                }
                Thread.sleep(Math.clamp(left.toMillis(), 1, LOOK_MILLIS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KernelRuntimeException("the wait for kernel " + kernel + " was interrupted", e);
        }
    }

    private OwnedKernel get(KernelId kernel) throws KernelRuntimeException {
        return find(kernel).orElseThrow(() -> new KernelRuntimeException("there is no kernel " + kernel));
    }

    private Optional<OwnedKernel> find(KernelId kernel) throws KernelRuntimeException {
        try {
            return file(kernel).read(kernel);
        } catch (IOException e) {
            throw new KernelRuntimeException("the file of kernel " + kernel + " cannot be read: " + e, e);
        }
    }

    private OwnedKernel put(OwnedKernel owned) throws KernelRuntimeException {
        try {
            file(owned.kernel()).write(owned);
            return owned;
        } catch (IOException e) {
            throw new KernelRuntimeException("the file of kernel " + owned.kernel() + " cannot be written: " + e, e);
        }
    }

    private KernelFile file(KernelId kernel) {
        return new KernelFile(folder.resolve(kernel + SUFFIX));
    }
}
