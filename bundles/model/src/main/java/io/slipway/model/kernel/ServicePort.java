package io.slipway.model.kernel;

import java.util.List;

/**
 * An application port inside a kernel.
 *
 * @param name such as {@code jupyter}
 * @param protocol {@code http}, {@code tcp}, {@code preopen} or {@code internal}
 * @param containerPorts ports inside, each 1 to 65535
 */
public record ServicePort(String name, String protocol, List<Integer> containerPorts) {

    /** Copies. */
    public ServicePort {
        containerPorts = List.copyOf(containerPorts);
    }
}
