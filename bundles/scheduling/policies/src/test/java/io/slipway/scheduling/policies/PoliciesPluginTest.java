package io.slipway.scheduling.policies;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slipway.model.agent.AgentId;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.plugin.testkit.PluginContract;
import io.slipway.scheduling.spi.AgentCandidate;
import io.slipway.scheduling.spi.AgentSelector;
import io.slipway.scheduling.spi.SequencingPolicy;
import io.slipway.scheduling.spi.Usage;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class PoliciesPluginTest extends PluginContract {

    @Override
    protected Class<?> pluginClass() {
        return FifoSequencing.class;
    }

    @Override
    protected void use(Object service) throws Exception {
        if (service instanceof AgentSelector selector) {
            var only = new AgentCandidate(new AgentId("one"), SlotAmounts.NONE, SlotAmounts.NONE, 0);
            assertEquals(Optional.of(only.agent()), selector.select(SlotAmounts.NONE, List.of(only)));
        } else {
            var usage = new Usage(SlotAmounts.NONE, Map.of());
            ((SequencingPolicy) service).order(usage);
        }
    }
}
