package io.slipway.runtime.process;

import io.slipway.model.image.ImageRef;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.setting.InstallationFolder;
import io.slipway.plugin.api.SelfCheck;
import io.slipway.runtime.process.LocalImages.LocalImage;
import io.slipway.runtime.spi.ImageStore;
import io.slipway.runtime.spi.InstalledImage;
import io.slipway.runtime.spi.KernelLogs;
import io.slipway.runtime.spi.KernelRuntime;
import io.slipway.runtime.spi.KernelRuntimeException;
import io.slipway.runtime.spi.KernelSpec;
import io.slipway.runtime.spi.KernelStats;
import io.slipway.runtime.spi.OwnedKernel;
import io.slipway.runtime.spi.OwnedKernel.State;
import io.slipway.runtime.spi.RuntimeTraits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs kernels as sandboxed processes of this node. All that is known of a kernel is in its folder and in the operating
 * system, so any number of these objects, one after the other or side by side, see the same. Thread-safe.
 */
@Component(
        service = KernelRuntime.class,
        property = "slipway.plugin.id=process",
        configurationPid = "io.slipway.runtime.process")
@Designate(ocd = ProcessRuntime.Config.class)
public final class ProcessRuntime implements KernelRuntime, ImageStore, KernelLogs, KernelStats, SelfCheck {

    /** Operator settings. */
    @ObjectClassDefinition(name = "Slipway process runtime")
    public @interface Config {
        @AttributeDefinition(
                description =
                        "Folder for the state of kernels; empty for /var/lib/slipway/<home id>/kernels if the server"
                                + " runs as root, else DIR/kernels")
        String kernelsFolder() default "";

        @AttributeDefinition(description = "Folder of unpacked root file systems; empty for DIR/images")
        String imagesFolder() default "";

        @AttributeDefinition(
                description =
                        "Run kernels without a sandbox where none can be made: their programs can then do whatever"
                                + " the server's user can. For trusted users only")
        boolean allowUnisolated() default false;

        @AttributeDefinition(
                description = "Network of kernels: none, or user for outgoing connections through slirp4netns")
        String network() default "none";

        @AttributeDefinition(description = "First user id for kernels of a server that runs as root", min = "1000")
        int firstUid() default 700_000;

        @AttributeDefinition(description = "How many user ids from firstUid on no user of this machine has", min = "1")
        int uidCount() default 65_536;

        @AttributeDefinition(description = "Most open files of a process in a kernel", min = "64")
        int maxOpenFiles() default 8_192;

        @AttributeDefinition(description = "Most MiB of a file that a kernel writes, 0 for no limit", min = "0")
        int maxFileMebibytes() default 0;

        @AttributeDefinition(description = "Most KiB of a kernel's own output that are kept, the newest", min = "8")
        int logKibibytes() default 4_096;

        @AttributeDefinition(
                description = "Most MiB in /tmp of a kernel; they count as its memory, so never more than that",
                min = "1")
        int temporaryMebibytes() default 512;
    }

    private static final Logger LOG = LoggerFactory.getLogger(ProcessRuntime.class);
    private static final int KIB = 1 << 10;
    private static final long MIB = 1L << 20;

    private final ProcessSettings settings;
    private final List<String> toolFolders;
    private volatile @Nullable RuntimeParts running;

    /** Used by the component runtime. */
    @Activate
    public ProcessRuntime(BundleContext context, Config config) throws IOException {
        this(settings(InstallationFolder.of(context::getProperty), config, ProcessSettings.runsAsRoot()));
    }

    ProcessRuntime(ProcessSettings settings) {
        this(settings, Isolation.TOOL_FOLDERS);
    }

    ProcessRuntime(ProcessSettings settings, List<String> toolFolders) {
        this.settings = settings;
        this.toolFolders = toolFolders;
    }

    static ProcessSettings settings(Path home, Config config, boolean isRoot) throws IOException {
        if (!config.network().equals("none") && !config.network().equals("user")) {
            throw new IllegalArgumentException("network=" + config.network() + " is neither none nor user");
        }
        var images = config.imagesFolder().isBlank() ? home.resolve("images") : Path.of(config.imagesFolder());
        return new ProcessSettings(
                ProcessSettings.kernelsFolder(home, config.kernelsFolder(), isRoot),
                images.toAbsolutePath(),
                isRoot,
                config.allowUnisolated(),
                config.network().equals("user"),
                new ProcessSettings.Bounds(
                        config.maxOpenFiles(),
                        config.maxFileMebibytes() * MIB,
                        (long) config.logKibibytes() * KIB,
                        config.temporaryMebibytes() * MIB),
                new ProcessSettings.UidRange(
                        ProcessSettings.SYSTEM_FOLDER.resolve("uids"), config.firstUid(), config.uidCount()));
    }

    @Activate
    void start() throws IOException {
        var parts = new RuntimeParts(settings, toolFolders);
        parts.start();
        running = parts;
        LOG.info("process runtime: kernels in {}, {}", settings.kernels(), traits().status());
    }

    /** Kernels run on. */
    @Deactivate
    void stop() throws IOException {
        var parts = running;
        running = null;
        if (parts != null) {
            parts.stop();
        }
    }

    private RuntimeParts parts() {
        var parts = running;
        if (parts == null) {
            throw new IllegalStateException("the process runtime is not started");
        }
        return parts;
    }

    @Override
    public RuntimeTraits traits() {
        var finding = parts().isolation().now();
        var limits = parts().groups().shortcoming();
        var status = limits.isEmpty() ? "ok" : "limits not enforced: " + limits;
        if (finding.isPossible()) {
            return new RuntimeTraits(Set.of(LocalImages.REGISTRY), true, status, true);
        }
        if (settings.allowUnisolated()) {
            var warning = "kernels are not isolated (allowUnisolated=true): " + finding.obstacle();
            return new RuntimeTraits(
                    Set.of(LocalImages.REGISTRY), true, limits.isEmpty() ? warning : warning + "; " + status, true);
        }
        return new RuntimeTraits(
                Set.of(LocalImages.REGISTRY), true, "cannot run kernels: " + finding.obstacle(), false);
    }

    /** Finds what keeps kernels from being started. */
    @Override
    public List<String> selfCheck() {
        var traits = traits();
        return traits.canRun() ? List.of() : List.of(traits.status());
    }

    @Override
    public void create(KernelSpec spec, Duration limit) throws KernelRuntimeException {
        try {
            if (parts().looks().look(spec.kernel()).isPresent()) {
                return;
            }
            var finding = parts().isolation().now();
            if (!finding.isPossible() && !settings.allowUnisolated()) {
                throw new KernelRuntimeException(
                        "kernel " + spec.kernel() + " cannot be created: " + finding.obstacle());
            }
            var image = parts().images()
                    .find(spec.image())
                    .orElseThrow(() -> new KernelRuntimeException(
                            "image " + spec.image() + " is not on this node; there are " + names()));
            if (!finding.isPossible() && image.root() != null) {
                throw new KernelRuntimeException(
                        "image " + spec.image() + " needs a sandbox, but " + finding.obstacle());
            }
            parts().builder().build(spec, image, finding);
        } catch (IOException | IllegalArgumentException e) {
            throw new KernelRuntimeException("kernel " + spec.kernel() + " cannot be created: " + e, e);
        }
    }

    private String names() {
        try {
            return parts().images().all().stream()
                    .map(LocalImage::installed)
                    .map(image -> image.ref().canonical())
                    .toList()
                    .toString();
        } catch (IOException e) {
            return "none that can be listed (" + e + ")";
        }
    }

    @Override
    public OwnedKernel start(KernelId kernel, Duration limit) throws KernelRuntimeException {
        try {
            return parts().starter().start(kernel, limit);
        } catch (IOException e) {
            throw new KernelRuntimeException("kernel " + kernel + " cannot be started: " + e, e);
        }
    }

    @Override
    public void stop(KernelId kernel, Duration grace) throws KernelRuntimeException {
        try {
            parts().stopper().stop(kernel, grace);
        } catch (IOException e) {
            throw new KernelRuntimeException("kernel " + kernel + " cannot be ended: " + e, e);
        }
    }

    @Override
    public void remove(KernelId kernel) throws KernelRuntimeException {
        try {
            var owned = parts().looks().look(kernel);
            if (owned.isEmpty()) {
                // an earlier try may have got stuck half way; what is left of it must not count as gone
                parts().builder().finishRemoval(kernel);
                return;
            }
            if (owned.get().state() == State.RUNNING) {
                throw new KernelRuntimeException("kernel " + kernel + " cannot be removed: it runs");
            }
            parts().builder()
                    .remove(parts().looks().folder(kernel), kernel, owned.get().state());
        } catch (IOException e) {
            throw new KernelRuntimeException("kernel " + kernel + " cannot be removed: " + e, e);
        }
    }

    @Override
    public List<OwnedKernel> list() throws KernelRuntimeException {
        try {
            return parts().looks().all();
        } catch (IOException e) {
            throw new KernelRuntimeException("the kernels in " + settings.kernels() + " cannot be listed: " + e, e);
        }
    }

    @Override
    public Optional<KernelExit> awaitExit(KernelId kernel, Duration limit) throws KernelRuntimeException {
        try {
            return parts().stopper().await(kernel, limit);
        } catch (IOException e) {
            throw new KernelRuntimeException("kernel " + kernel + " cannot be watched: " + e, e);
        }
    }

    @Override
    public List<InstalledImage> images() throws KernelRuntimeException {
        try {
            return parts().images().all().stream().map(LocalImage::installed).toList();
        } catch (IOException e) {
            throw new KernelRuntimeException("the images of this node cannot be listed: " + e, e);
        }
    }

    @Override
    public Optional<InstalledImage> image(ImageRef image, Duration limit) throws KernelRuntimeException {
        try {
            return parts().images().find(image).map(LocalImage::installed);
        } catch (IOException e) {
            throw new KernelRuntimeException("image " + image + " cannot be looked for: " + e, e);
        }
    }

    @Override
    public byte[] tail(KernelId kernel, int maxBytes) throws KernelRuntimeException {
        if (maxBytes <= 0) {
            throw new IllegalArgumentException("maxBytes " + maxBytes + " is not above zero");
        }
        try {
            if (parts().looks().look(kernel).isEmpty()) {
                throw new KernelRuntimeException("there is no kernel " + kernel + " to read the log of");
            }
            return parts().looks().folder(kernel).logTail(maxBytes);
        } catch (IOException e) {
            throw new KernelRuntimeException("the log of kernel " + kernel + " cannot be read: " + e, e);
        }
    }

    @Override
    public Usage usage(KernelId kernel) throws KernelRuntimeException {
        try {
            return parts().meter().usage(kernel);
        } catch (IOException e) {
            throw new KernelRuntimeException("kernel " + kernel + " cannot be measured: " + e, e);
        }
    }
}
