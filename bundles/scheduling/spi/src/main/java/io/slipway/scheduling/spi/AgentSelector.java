package io.slipway.scheduling.spi;

import io.slipway.model.agent.AgentId;
import io.slipway.model.call.Idempotent;
import io.slipway.model.slot.SlotAmounts;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/** Chooses an agent for one kernel. Pure and thread-safe. */
@ConsumerType
@Idempotent
public interface AgentSelector {

    /**
     * Chooses.
     *
     * @param request what the kernel needs
     * @param candidates agents on which the request fits by total amounts, not empty
     * @return one of the candidates; empty if the policy wants none of them
     */
    Optional<AgentId> select(SlotAmounts request, List<AgentCandidate> candidates);
}
