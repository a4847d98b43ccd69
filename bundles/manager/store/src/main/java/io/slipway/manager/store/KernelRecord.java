package io.slipway.manager.store;

import io.slipway.model.agent.AgentId;
import io.slipway.model.image.ImageRef;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.kernel.ServicePort;
import io.slipway.model.session.SessionId;
import io.slipway.model.slot.SlotAmounts;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A kernel as stored.
 *
 * @param id its id
 * @param session whose kernel it is
 * @param image its image
 * @param clusterRole {@code main} or {@code sub}
 * @param clusterIndex from 1 within its role
 * @param request what it was to get
 * @param occupied what it holds now: the sum of its unfreed allocation rows
 * @param agent where it is or was placed, or null
 * @param containerId the runtime's name of the container, may be empty
 * @param servicePorts application ports
 * @param status its state
 * @param statusInfo why it is in that state, may be empty
 * @param statusChangedAt since when
 * @param exit how it ended, or null
 * @param createdAt when it was accepted
 * @param terminatedAt when it became terminal, or null
 */
public record KernelRecord(
        KernelId id,
        SessionId session,
        ImageRef image,
        String clusterRole,
        int clusterIndex,
        SlotAmounts request,
        SlotAmounts occupied,
        @Nullable AgentId agent,
        String containerId,
        List<ServicePort> servicePorts,
        KernelStatus status,
        String statusInfo,
        Instant statusChangedAt,
        @Nullable KernelExit exit,
        Instant createdAt,
        @Nullable Instant terminatedAt) {

    /** Copies. */
    public KernelRecord {
        servicePorts = List.copyOf(servicePorts);
    }

    /** Returns the host name inside, such as {@code main1}. */
    public String hostname() {
        return clusterRole + clusterIndex;
    }
}
