package io.slipway.runtime.spi;

import java.util.Set;

/**
 * What a runtime says of itself.
 *
 * @param registries image registries (first path elements) that it serves unless the agent's settings say otherwise
 * @param carriesDriver whether its kernels run real programs and so carry a driver; false only for no-op runtimes, whose
 *     kernels count as running when start returned
 * @param status {@code ok}, or in words what is missing, such as {@code limits not enforced: no writable cgroup}
 * @param canRun whether kernels can be started now; false refuses creation with the status as reason
 */
public record RuntimeTraits(Set<String> registries, boolean carriesDriver, String status, boolean canRun) {

    /** Copies. */
    public RuntimeTraits {
        registries = Set.copyOf(registries);
    }
}
