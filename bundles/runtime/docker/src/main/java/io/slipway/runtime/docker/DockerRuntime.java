package io.slipway.runtime.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import io.slipway.model.image.ImageRef;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import io.slipway.plugin.api.SelfCheck;
import io.slipway.runtime.spi.ImageStore;
import io.slipway.runtime.spi.InstalledImage;
import io.slipway.runtime.spi.KernelCommit;
import io.slipway.runtime.spi.KernelExec;
import io.slipway.runtime.spi.KernelFiles;
import io.slipway.runtime.spi.KernelLogs;
import io.slipway.runtime.spi.KernelPorts;
import io.slipway.runtime.spi.KernelRuntime;
import io.slipway.runtime.spi.KernelRuntimeException;
import io.slipway.runtime.spi.KernelSpec;
import io.slipway.runtime.spi.KernelStats;
import io.slipway.runtime.spi.OwnedKernel;
import io.slipway.runtime.spi.RuntimeTraits;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
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
 * Runs kernels as containers of a Docker engine. All that is known of a kernel is in the engine, so any number of these
 * objects, one after the other or side by side, see the same. The engine is asked for nothing before it is needed.
 * Thread-safe.
 */
@Component(
        service = KernelRuntime.class,
        property = "slipway.plugin.id=docker",
        configurationPid = "io.slipway.runtime.docker")
@Designate(ocd = DockerRuntime.Config.class)
public final class DockerRuntime
        implements KernelRuntime,
                ImageStore,
                KernelLogs,
                KernelStats,
                KernelExec,
                KernelFiles,
                KernelPorts,
                KernelCommit,
                SelfCheck {

    /** Operator settings. */
    @ObjectClassDefinition(name = "Slipway Docker runtime")
    public @interface Config {
        @AttributeDefinition(description = "Whether kernels may run on a Docker engine")
        boolean enabled() default true;

        @AttributeDefinition(
                description = "Address of the engine, such as unix:///var/run/docker.sock or tcp://127.0.0.1:2376")
        String host() default "unix:///var/run/docker.sock";

        @AttributeDefinition(
                description = "Folder of ca.pem, cert.pem and key.pem for an engine at a tcp:// address; empty for no"
                        + " TLS, which lets whoever reaches that address rule the engine's machine")
        String tlsFolder() default "";

        @AttributeDefinition(description = "Network of kernels: none, or bridge for outgoing connections")
        String network() default "none";

        @AttributeDefinition(
                description =
                        "User id that kernels run as, if the server runs as root; 0 gives each kernel its own, for"
                                + " which programs in it find no name",
                min = "0")
        int uid() default 1_000;

        @AttributeDefinition(description = "Group id beside uid; 0 for the same number", min = "0")
        int gid() default 1_000;

        @AttributeDefinition(description = "First user id for kernels that get their own", min = "1000")
        int firstUid() default 1_000_000;

        @AttributeDefinition(description = "How many user ids from firstUid on no user of this machine has", min = "1")
        int uidCount() default 1_000_000;

        @AttributeDefinition(description = "Most open files of a process in a kernel", min = "64")
        int maxOpenFiles() default 8_192;

        @AttributeDefinition(description = "Most KiB of a kernel's own output that are kept, the newest", min = "8")
        int logKibibytes() default 4_096;

        @AttributeDefinition(
                description = "Most MiB in /tmp of a kernel; they count as its memory, so never more than that",
                min = "1")
        int temporaryMebibytes() default 512;
    }

    private static final Logger LOG = LoggerFactory.getLogger(DockerRuntime.class);
    /** How old a container made to look into an image must be to be a leftover. */
    private static final Duration PROBE_AGE = Duration.ofMinutes(1);

    private final DockerSettings settings;
    private final Engine engine;
    private final ContainerLogs logs;
    private final Containers containers;
    private final EngineImages images;
    private final ContainerForm form;
    private final GroupMeter meter = new GroupMeter(Path.of("/"));
    private final ConcurrentMap<KernelId, MainProcess> measured = new ConcurrentHashMap<>();

    private record MainProcess(String container, long pid) {}

    /** Used by the component runtime. */
    @Activate
    public DockerRuntime(BundleContext context, Config config) throws IOException {
        this(SettingsReader.read(context, config));
    }

    DockerRuntime(DockerSettings settings) {
        this.settings = settings;
        engine = new Engine(settings);
        logs = new ContainerLogs(engine);
        containers = new Containers(engine, settings, logs);
        images = new EngineImages(engine, settings);
        form = new ContainerForm(settings);
    }

    @Activate
    void start() {
        LOG.info("Docker runtime: engine at {}, kernels run as {}", settings.host(), settings.users());
    }

    /** Kernels run on. */
    @Deactivate
    void stop() throws IOException {
        containers.close();
        engine.close();
    }

    @Override
    public RuntimeTraits traits() {
        var obstacle = engine.obstacle();
        return new RuntimeTraits(
                Set.of(ImageNames.HUB), true, obstacle.isEmpty() ? "ok" : obstacle, obstacle.isEmpty());
    }

    /** Finds that the engine does not answer; a node that never had kernels in one needs none. */
    @Override
    public List<String> selfCheck() {
        var obstacle = engine.obstacle();
        return obstacle.isEmpty() || !Files.exists(settings.used()) ? List.of() : List.of(obstacle);
    }

    @Override
    public void create(KernelSpec spec, Duration limit) throws KernelRuntimeException {
        if (containers.hasEnded(spec.kernel())) {
            return;
        }
        try {
            Files.createDirectories(Objects.requireNonNull(settings.used().getParent(), "no folder"));
            Files.writeString(settings.used(), settings.host() + "\n");
            if (settings.users().canGive()) {
                HomeOwner.give(spec.homeFolder(), settings.users().of(spec.kernel()));
            }
        } catch (IOException e) {
            throw new KernelRuntimeException("kernel " + spec.kernel() + " cannot be created: " + e, e);
        }
        engine.call("creation of kernel " + spec.kernel(), limit, line -> {
            try {
                var environment = images.environment(line, spec.image());
                var id = form.write(line, spec, environment).exec().getId();
                containers.created(spec, id);
                Failpoint.CREATED.pass();
                return id;
            } catch (NotFoundException e) {
                images.forget(spec.image());
                throw new KernelRuntimeException(
                        "image " + spec.image() + " is not on this node: " + Engine.words(e), e);
            } catch (ConflictException e) {
                // it is there already, or another call was faster
                return containers.look(spec.kernel()).orElseThrow(() -> e).getId();
            }
        });
    }

    @Override
    public OwnedKernel start(KernelId kernel, Duration limit) throws KernelRuntimeException {
        return containers.start(kernel, limit);
    }

    @Override
    public void stop(KernelId kernel, Duration grace) throws KernelRuntimeException {
        containers.stop(kernel, grace);
    }

    @Override
    public void remove(KernelId kernel) throws KernelRuntimeException {
        measured.remove(kernel);
        containers.remove(kernel);
    }

    /** An installation that never had a container is not kept waiting for an engine that is not there. */
    @Override
    public List<OwnedKernel> list() throws KernelRuntimeException {
        if (!Files.exists(settings.used()) && !engine.obstacle().isEmpty()) {
            return List.of();
        }
        var kernels = containers.list();
        try {
            images.clearProbes(PROBE_AGE);
        } catch (KernelRuntimeException e) {
            // tried again at the next look; kernels are more important
            LOG.warn("Containers that are no kernels cannot be removed now: {}", e.getMessage());
        }
        return kernels;
    }

    @Override
    public Optional<KernelExit> awaitExit(KernelId kernel, Duration limit) throws KernelRuntimeException {
        return containers.awaitExit(kernel, limit);
    }

    /** An installation without an engine has no images, which is no failure. */
    @Override
    public List<InstalledImage> images() throws KernelRuntimeException {
        if (!Files.exists(settings.used()) && !engine.obstacle().isEmpty()) {
            return List.of();
        }
        return images.all();
    }

    @Override
    public Optional<InstalledImage> image(ImageRef image, Duration limit) throws KernelRuntimeException {
        return images.find(image, limit);
    }

    @Override
    public void pull(ImageRef image, Duration limit, Consumer<PullProgress> progress) throws KernelRuntimeException {
        images.pull(image, limit, progress);
    }

    @Override
    public void remove(ImageRef image, Duration limit) throws KernelRuntimeException {
        images.remove(image, limit);
    }

    @Override
    public byte[] tail(KernelId kernel, int maxBytes) throws KernelRuntimeException {
        if (maxBytes <= 0) {
            throw new IllegalArgumentException("maxBytes " + maxBytes + " is not above zero");
        }
        return logs.tail(existing(kernel).getId(), maxBytes);
    }

    private InspectContainerResponse existing(KernelId kernel) throws KernelRuntimeException {
        return containers.look(kernel).orElseThrow(() -> new KernelRuntimeException("there is no kernel " + kernel));
    }

    @Override
    public Usage usage(KernelId kernel) throws KernelRuntimeException {
        try {
            return meter.usage(measured(kernel));
        } catch (IOException | NumberFormatException e) {
            measured.remove(kernel);
            throw new KernelRuntimeException("kernel " + kernel + " cannot be measured: " + e, e);
        }
    }

    /** Returns the main process of a kernel that is measured often; the engine is asked once. */
    private long measured(KernelId kernel) throws KernelRuntimeException {
        var known = measured.get(kernel);
        if (known != null && meter.isOf(known.pid(), known.container())) {
            return known.pid();
        }
        measured.remove(kernel);
        var pid = pid(kernel);
        var container = containers.running(kernel).getId();
        measured.put(kernel, new MainProcess(container, pid));
        return pid;
    }

    private long pid(KernelId kernel) throws KernelRuntimeException {
        if (!settings.isLocal()) {
            throw new KernelRuntimeException("the engine at " + settings.host() + " is not on this node");
        }
        return Objects.requireNonNullElse(containers.running(kernel).getState().getPidLong(), 0L);
    }

    @Override
    public RunningCommand exec(KernelId kernel, Command command, Duration limit) throws KernelRuntimeException {
        var found = containers.running(kernel);
        // settings may have changed since it was made
        var user = Objects.requireNonNullElse(
                found.getConfig().getUser(), settings.users().of(kernel).toString());
        return ContainerCommand.start(engine, found.getId(), command, user, limit);
    }

    @Override
    public void read(KernelId kernel, String path, long maxBytes, OutputStream archive, Duration limit)
            throws KernelRuntimeException {
        new ContainerFiles(engine).read(existing(kernel).getId(), path, maxBytes, archive, limit);
    }

    @Override
    public void write(KernelId kernel, String folder, InputStream archive, long maxBytes, Duration limit)
            throws KernelRuntimeException {
        new ContainerFiles(engine).write(existing(kernel).getId(), folder, archive, maxBytes, limit);
    }

    @Override
    public ByteChannel connect(KernelId kernel, int port, Duration limit) throws KernelRuntimeException {
        try {
            return NetworkDoor.connect(pid(kernel), port, limit);
        } catch (IOException e) {
            throw new KernelRuntimeException(
                    "port " + port + " of kernel " + kernel + " cannot be reached: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KernelRuntimeException("the way to port " + port + " was interrupted", e);
        }
    }

    @Override
    public InstalledImage commit(KernelId kernel, ImageRef target, Map<String, String> labels, Duration limit)
            throws KernelRuntimeException {
        var id = existing(kernel).getId();
        engine.call(
                "image of kernel " + kernel,
                limit,
                line -> line.commitCmd(id)
                        .withRepository(target.registry() + "/" + target.name())
                        .withTag(target.tag())
                        .withLabels(labels)
                        .withPause(true)
                        .exec());
        return image(target, limit)
                .orElseThrow(() -> new KernelRuntimeException("image " + target + " was made but is not there"));
    }
}
