package io.slipway.manager.scheduler;

import io.slipway.model.agent.AgentId;
import io.slipway.model.slot.SlotName;
import io.slipway.model.slot.SlotType;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A resource group at one moment.
 *
 * @param group its name
 * @param agents those that may take work now
 * @param others those of the group that may not, with the reason in words
 * @param slotTypes to write amounts for people
 * @param at the moment
 */
record Snapshot(
        String group,
        List<AgentState> agents,
        Map<AgentId, String> others,
        Map<SlotName, SlotType> slotTypes,
        Instant at) {

    Snapshot {
        agents = List.copyOf(agents);
        others = Map.copyOf(others);
        slotTypes = Map.copyOf(slotTypes);
    }
}
