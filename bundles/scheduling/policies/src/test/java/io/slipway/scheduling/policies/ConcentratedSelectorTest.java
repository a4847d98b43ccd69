package io.slipway.scheduling.policies;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slipway.model.agent.AgentId;
import io.slipway.scheduling.spi.AgentSelector;
import io.slipway.scheduling.testkit.AgentSelectorContract;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConcentratedSelectorTest extends AgentSelectorContract {

    @Override
    protected AgentSelector selector() {
        return new ConcentratedSelector();
    }

    @Test
    void fillsTheFullest() {
        var candidates = List.of(agent("empty", 8, 0), agent("full", 1, 7), agent("half", 4, 4));
        assertEquals(Optional.of(new AgentId("full")), selector().select(cpu(1), candidates));
    }
}
