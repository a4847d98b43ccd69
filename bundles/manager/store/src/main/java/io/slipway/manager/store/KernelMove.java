package io.slipway.manager.store;

import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.kernel.ServicePort;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One kernel goes to another state.
 *
 * @param kernel which
 * @param expected the states it may be in; if it is in none of them, the transition is refused
 * @param to the state to go to
 * @param started facts to store when it started, else null
 * @param ended facts to store when it ended, else null
 */
public record KernelMove(
        KernelId kernel,
        Set<KernelStatus> expected,
        KernelStatus to,
        @Nullable Started started,
        @Nullable Ended ended) {

    /** Copies. */
    public KernelMove {
        expected = Set.copyOf(expected);
    }

    /** Returns a move without facts. */
    public static KernelMove of(KernelId kernel, Set<KernelStatus> expected, KernelStatus to) {
        return new KernelMove(kernel, expected, to, null, null);
    }

    /**
     * What is known when a kernel runs.
     *
     * @param containerId the runtime's name of the container
     * @param servicePorts application ports
     * @param allocations the devices it really got; replace the placement's
     */
    public record Started(String containerId, List<ServicePort> servicePorts, List<DeviceAllocation> allocations) {

        /** Copies. */
        public Started {
            servicePorts = List.copyOf(servicePorts);
            allocations = List.copyOf(allocations);
        }
    }

    /**
     * What is known when a kernel ended.
     *
     * @param exit how
     * @param logs the end of its log, may be empty
     */
    public record Ended(KernelExit exit, String logs) {}
}
