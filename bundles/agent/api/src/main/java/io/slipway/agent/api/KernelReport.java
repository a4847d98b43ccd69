package io.slipway.agent.api;

import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.kernel.ServicePort;
import io.slipway.model.session.SessionId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A kernel as its agent sees it.
 *
 * @param kernel its id
 * @param session whose kernel it is
 * @param phase where it stands
 * @param containerId the runtime's name of the container, may be empty before it exists
 * @param servicePorts application ports
 * @param allocations the devices it holds
 * @param exit how it ended; null unless the phase is ENDED
 */
public record KernelReport(
        KernelId kernel,
        SessionId session,
        Phase phase,
        String containerId,
        List<ServicePort> servicePorts,
        List<DeviceAllocation> allocations,
        @Nullable KernelExit exit) {

    /** Where a kernel stands on its agent. */
    public enum Phase {
        /** Being created or started. */
        STARTING,
        /** Its driver answered. */
        RUNNING,
        /** Being ended. */
        ENDING,
        /** Gone; kept for a while so that the end can be told again. */
        ENDED
    }

    /** Copies. */
    public KernelReport {
        servicePorts = List.copyOf(servicePorts);
        allocations = List.copyOf(allocations);
    }
}
