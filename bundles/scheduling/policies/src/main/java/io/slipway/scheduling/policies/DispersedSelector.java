package io.slipway.scheduling.policies;

import io.slipway.model.agent.AgentId;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.plugin.api.SelfCheck;
import io.slipway.scheduling.spi.AgentCandidate;
import io.slipway.scheduling.spi.AgentSelector;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;

/** Spreads work over the emptiest agents, so that one agent's loss hits little. */
@Component(service = AgentSelector.class, property = "slipway.plugin.id=dispersed")
public final class DispersedSelector implements AgentSelector, SelfCheck {

    @Override
    public Optional<AgentId> select(SlotAmounts request, List<AgentCandidate> candidates) {
        return Fullness.first(request, candidates, Fullness.EMPTIEST_FIRST);
    }

    @Override
    public List<String> selfCheck() {
        return PolicyCheck.choice(this, "idle");
    }
}
