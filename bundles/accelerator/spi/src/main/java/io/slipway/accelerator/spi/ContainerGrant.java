package io.slipway.accelerator.spi;

import java.util.List;
import java.util.Map;

/**
 * What a container needs to see its devices.
 *
 * @param environment variables to set
 * @param deviceNodes absolute paths of device nodes to let in
 * @param mounts host path to path inside, read-only
 * @param cpuIds processor cores to bind the container to; empty for any
 */
public record ContainerGrant(
        Map<String, String> environment, List<String> deviceNodes, Map<String, String> mounts, List<Integer> cpuIds) {

    /** Nothing is needed. */
    public static final ContainerGrant NOTHING = new ContainerGrant(Map.of(), List.of(), Map.of(), List.of());

    /** Copies. */
    public ContainerGrant {
        environment = Map.copyOf(environment);
        deviceNodes = List.copyOf(deviceNodes);
        mounts = Map.copyOf(mounts);
        cpuIds = List.copyOf(cpuIds);
    }
}
