package io.slipway.agent.spi;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a container with a driver must be started.
 *
 * @param command the container's command; its first word is the interpreter at its usual place
 * @param hostFolder folder on the node that must be seen inside, read-only; it may be made readable for the user that
 *     the kernel runs as
 * @param kernelFolder where it must be seen inside, an absolute path
 */
public record DriverLaunch(List<String> command, Path hostFolder, String kernelFolder) {

    /** Copies. */
    public DriverLaunch {
        command = List.copyOf(command);
    }

    /**
     * Returns the same for an image that has the interpreter elsewhere.
     *
     * @param interpreter its absolute path inside the image
     */
    public DriverLaunch startedBy(String interpreter) {
        var words = new ArrayList<>(command);
        words.set(0, interpreter);
        return new DriverLaunch(words, hostFolder, kernelFolder);
    }
}
