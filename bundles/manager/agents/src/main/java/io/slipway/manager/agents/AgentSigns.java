package io.slipway.manager.agents;

import io.slipway.agent.api.AgentReport;
import io.slipway.model.agent.AgentId;

/** Where signs of life of agents go. Thread-safe. */
interface AgentSigns {

    /**
     * Takes what an agent says of itself; calls block.
     *
     * @throws io.slipway.model.failure.SlipwayException UNAVAILABLE if it could not be stored; the agent counts as alive all
     *     the same
     */
    void heard(AgentReport report);

    /** Takes a sign of life without news; does not block. */
    void heard(AgentId agent);
}
