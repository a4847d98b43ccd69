package io.slipway.runtime.spi;

import io.slipway.model.image.ImageRef;
import io.slipway.model.kernel.KernelId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a kernel's container is to be.
 *
 * @param kernel its id
 * @param labels kept with the container and given back by {@link KernelRuntime#list()}; holds no secret
 * @param image its image
 * @param command its main program; empty for the image's own
 * @param environment variables, complete but for what the runtime itself must add (PATH, HOME)
 * @param hostname host name inside
 * @param homeFolder existing empty folder on the node that becomes {@code /home/work}, the working directory; the runtime
 *     gives it to the user that the kernel runs as
 * @param mounts further folders
 * @param devices device nodes to let in, such as those of accelerators; programs inside may read and write them
 * @param limits how much it may use
 */
public record KernelSpec(
        KernelId kernel,
        Map<String, String> labels,
        ImageRef image,
        List<String> command,
        Map<String, String> environment,
        String hostname,
        Path homeFolder,
        List<Mount> mounts,
        List<Device> devices,
        ResourceLimits limits) {

    /** Copies. */
    public KernelSpec {
        labels = Map.copyOf(labels);
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        mounts = List.copyOf(mounts);
        devices = List.copyOf(devices);
    }

    /**
     * A folder of the node seen inside.
     *
     * @param hostPath absolute path on the node
     * @param kernelPath absolute path inside
     * @param isReadOnly whether programs inside may not change it
     */
    public record Mount(Path hostPath, String kernelPath, boolean isReadOnly) {}

    /**
     * A device node of the node seen inside. A runtime that cannot let in devices refuses a kernel that has some.
     *
     * @param hostPath absolute path on the node, such as {@code /dev/kfd}
     * @param kernelPath absolute path inside
     */
    public record Device(String hostPath, String kernelPath) {}
}
