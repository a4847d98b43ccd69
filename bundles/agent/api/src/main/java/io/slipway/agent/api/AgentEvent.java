package io.slipway.agent.api;

import io.slipway.model.agent.AgentId;
import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.kernel.ServicePort;
import java.util.List;

/**
 * Something that happened on an agent. Delivered at least once and in order per kernel; receivers are idempotent on
 * (kernel, expected state).
 */
public sealed interface AgentEvent {

    /** Returns where it happened. */
    AgentId agent();

    /** Returns to which kernel. */
    KernelId kernel();

    /**
     * An image is pulled for the kernel.
     *
     * @param agent where
     * @param kernel which
     */
    record KernelPulling(AgentId agent, KernelId kernel) implements AgentEvent {}

    /**
     * The kernel runs and its driver answered.
     *
     * @param agent where
     * @param kernel which
     * @param containerId the runtime's name of the container
     * @param servicePorts application ports
     * @param allocations the devices it got
     */
    record KernelRunning(
            AgentId agent,
            KernelId kernel,
            String containerId,
            List<ServicePort> servicePorts,
            List<DeviceAllocation> allocations)
            implements AgentEvent {

        /** Copies. */
        public KernelRunning {
            servicePorts = List.copyOf(servicePorts);
            allocations = List.copyOf(allocations);
        }
    }

    /**
     * The container is gone for good and everything it held on the agent is free.
     *
     * @param agent where
     * @param kernel which
     * @param exit how it ended
     * @param logs the end of its log, at most 1 MiB, may be empty
     */
    record KernelEnded(AgentId agent, KernelId kernel, KernelExit exit, String logs) implements AgentEvent {}
}
