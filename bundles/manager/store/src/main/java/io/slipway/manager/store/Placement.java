package io.slipway.manager.store;

import io.slipway.model.agent.AgentId;
import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.session.SessionId;
import java.util.List;

/**
 * Where the kernels of a session are to run.
 *
 * @param session which session
 * @param kernels each of its kernels
 */
public record Placement(SessionId session, List<KernelPlacement> kernels) {

    /** Copies. */
    public Placement {
        kernels = List.copyOf(kernels);
    }

    /**
     * Where one kernel is to run.
     *
     * @param kernel which
     * @param agent where
     * @param allocations the devices that the dry run chose
     */
    public record KernelPlacement(KernelId kernel, AgentId agent, List<DeviceAllocation> allocations) {

        /** Copies. */
        public KernelPlacement {
            allocations = List.copyOf(allocations);
        }
    }
}
