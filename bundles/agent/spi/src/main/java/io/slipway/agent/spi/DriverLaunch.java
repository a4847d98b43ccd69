package io.slipway.agent.spi;

import java.nio.file.Path;
import java.util.List;

/**
 * How a container with a driver must be started.
 *
 * @param command the container's command
 * @param hostFolder folder on the node that must be seen inside, read-only; it may be made readable for the user that
 *     the kernel runs as
 * @param kernelFolder where it must be seen inside, an absolute path
 */
public record DriverLaunch(List<String> command, Path hostFolder, String kernelFolder) {

    /** Copies. */
    public DriverLaunch {
        command = List.copyOf(command);
    }
}
