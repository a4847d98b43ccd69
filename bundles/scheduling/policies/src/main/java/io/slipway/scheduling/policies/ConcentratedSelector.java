package io.slipway.scheduling.policies;

import io.slipway.model.agent.AgentId;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.plugin.api.SelfCheck;
import io.slipway.scheduling.spi.AgentCandidate;
import io.slipway.scheduling.spi.AgentSelector;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;

/** Fills the fullest agent that fits, so that large requests find room elsewhere. */
@Component(service = AgentSelector.class, property = "slipway.plugin.id=concentrated")
public final class ConcentratedSelector implements AgentSelector, SelfCheck {

    @Override
    public Optional<AgentId> select(SlotAmounts request, List<AgentCandidate> candidates) {
        return Fullness.first(request, candidates, Fullness.FULLEST_FIRST);
    }

    @Override
    public List<String> selfCheck() {
        return PolicyCheck.choice(this, "busy");
    }
}
