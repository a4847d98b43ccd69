package io.slipway.runtime.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.Ulimit;
import io.slipway.runtime.spi.KernelRuntimeException;
import io.slipway.runtime.spi.KernelSpec;
import io.slipway.runtime.spi.ResourceLimits;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes the form by which the engine makes a kernel's container. What the image says of itself is overruled. */
final class ContainerForm {

    static final String HOME = "/home/work";
    private static final BigDecimal NANO = new BigDecimal(1_000_000_000);
    private static final int LOG_FILES = 2;
    private static final long MIB = 1L << 20;
    /** Whoever sees one of these, or what it is in, rules the node. */
    private static final Set<Path> NEVER = Set.of(
            Path.of("/home"),
            Path.of("/root"),
            Path.of("/run"),
            Path.of("/usr/bin"),
            Path.of("/var/run"),
            Path.of("/var/lib/docker"));

    /** Whoever sees anything in one of these may. */
    private static final Set<Path> NOTHING_OF =
            Set.of(Path.of("/boot"), Path.of("/dev"), Path.of("/etc"), Path.of("/proc"), Path.of("/sys"));

    private static final Set<Path> MEMORY =
            Set.of(Path.of("/dev/mem"), Path.of("/dev/kmem"), Path.of("/dev/port"), Path.of("/dev/kmsg"));
    private static final int KIND_OF_FILE = 0170000;
    private static final int BLOCK_DEVICE = 0060000;

    private final DockerSettings settings;

    ContainerForm(DockerSettings settings) {
        this.settings = settings;
    }

    CreateContainerCmd write(DockerClient engine, KernelSpec spec, List<String> imageEnvironment)
            throws KernelRuntimeException {
        var form = engine.createContainerCmd(spec.image().canonical())
                .withName(ContainerNames.of(spec.kernel()))
                .withLabels(labels(spec))
                .withHostName(spec.hostname())
                .withUser(settings.users().of(spec.kernel()).toString())
                .withWorkingDir(HOME)
                .withEnv(ImageEnvironment.merge(spec.environment(), imageEnvironment))
                .withStopSignal("SIGTERM")
                .withHealthcheck(new HealthCheck().withTest(List.of("NONE")))
                .withHostConfig(host(spec));
        if (!spec.command().isEmpty()) {
            // an entrypoint of ours makes the engine forget the image's entrypoint and command
            form.withEntrypoint(spec.command()).withCmd(List.of());
        }
        return form;
    }

    private Map<String, String> labels(KernelSpec spec) {
        var labels = new HashMap<>(spec.labels());
        labels.put(ContainerNames.OWNER, settings.owner());
        labels.put(ContainerNames.LABELS, ContainerNames.write(spec.labels()));
        return labels;
    }

    HostConfig host(KernelSpec spec) throws KernelRuntimeException {
        var bounds = settings.bounds();
        var host = HostConfig.newHostConfig()
                .withPrivileged(false)
                .withNetworkMode(settings.hasNetwork() ? "bridge" : "none")
                .withIpcMode("private")
                .withInit(true)
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of("no-new-privileges:true"))
                .withTmpFs(Map.of("/tmp", "rw,nosuid,nodev,mode=1777,size=" + temporary(spec.limits())))
                .withUlimits(List.of(new Ulimit("nofile", (long) bounds.openFiles(), (long) bounds.openFiles())))
                .withLogConfig(new LogConfig(
                        LogConfig.LoggingType.JSON_FILE,
                        Map.of(
                                "max-size",
                                Math.max(1, bounds.logKibibytes() / LOG_FILES) + "k",
                                "max-file",
                                Integer.toString(LOG_FILES))))
                .withMounts(mounts(spec))
                .withDevices(devices(spec));
        limit(host, spec.limits());
        return host;
    }

    /** What lies in /tmp counts as memory. */
    private long temporary(ResourceLimits limits) {
        return Math.min(settings.bounds().temporaryMebibytes() * MIB, limits.memoryBytes());
    }

    private static void limit(HostConfig host, ResourceLimits limits) {
        host.withNanoCPUs(limits.cpus().multiply(NANO).longValue())
                .withMemory(limits.memoryBytes())
                .withMemorySwap(limits.memoryBytes())
                .withPidsLimit((long) limits.processes());
        if (!limits.cpuIds().isEmpty()) {
            host.withCpusetCpus(limits.cpuIds().stream().map(String::valueOf).collect(Collectors.joining(",")));
        }
        if (limits.sharedMemoryBytes() > 0) {
            host.withShmSize(limits.sharedMemoryBytes());
        }
    }

    private List<Mount> mounts(KernelSpec spec) throws KernelRuntimeException {
        var result = new ArrayList<Mount>();
        result.add(mount(spec.homeFolder(), HOME, false));
        for (var mount : spec.mounts()) {
            result.add(mount(mount.hostPath(), mount.kernelPath(), mount.isReadOnly()));
        }
        return result;
    }

    private Mount mount(Path host, String inside, boolean isReadOnly) throws KernelRuntimeException {
        var source = host.normalize();
        var isEngine = settings.isLocal() && settings.socket().normalize().startsWith(source);
        var rules = NEVER.stream().anyMatch(never -> never.startsWith(source))
                || NOTHING_OF.stream().anyMatch(never -> source.startsWith(never) || never.startsWith(source));
        if (!host.isAbsolute() || !source.equals(host) || rules || isEngine) {
            throw new KernelRuntimeException("folder " + host + " of the node is never shown to a kernel");
        }
        checkPlace(inside);
        return new Mount()
                .withType(MountType.BIND)
                .withSource(source.toString())
                .withTarget(inside)
                .withReadOnly(isReadOnly);
    }

    private static void checkPlace(String inside) throws KernelRuntimeException {
        var place = Path.of(inside);
        if (!place.isAbsolute() || !place.normalize().equals(place) || place.getNameCount() == 0) {
            throw new KernelRuntimeException("'" + inside + "' is no place inside a kernel");
        }
    }

    private static List<Device> devices(KernelSpec spec) throws KernelRuntimeException {
        var result = new ArrayList<Device>();
        for (var device : spec.devices()) {
            checkPlace(device.kernelPath());
            checkPlace(device.hostPath());
            checkDevice(Path.of(device.hostPath()));
            result.add(new Device("rw", device.kernelPath(), device.hostPath()));
        }
        return result;
    }

    /** Memory and disks of the node are nobody's but its own. */
    private static void checkDevice(Path device) throws KernelRuntimeException {
        try {
            // an engine on another node says itself what it does not have
            var isDisk = Files.exists(device)
                    && Files.getAttribute(device, "unix:mode") instanceof Integer mode
                    && (mode & KIND_OF_FILE) == BLOCK_DEVICE;
            if (isDisk || MEMORY.contains(device)) {
                throw new KernelRuntimeException("device " + device + " of the node is never shown to a kernel");
            }
        } catch (IOException e) {
            throw new KernelRuntimeException("device " + device + " of the node cannot be looked at: " + e, e);
        }
    }
}
