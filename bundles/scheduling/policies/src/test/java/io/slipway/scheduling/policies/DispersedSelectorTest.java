package io.slipway.scheduling.policies;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slipway.model.agent.AgentId;
import io.slipway.scheduling.spi.AgentSelector;
import io.slipway.scheduling.testkit.AgentSelectorContract;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DispersedSelectorTest extends AgentSelectorContract {

    @Override
    protected AgentSelector selector() {
        return new DispersedSelector();
    }

    @Test
    void spreadsOverTheEmptiest() {
        var candidates = List.of(agent("full", 1, 7), agent("empty", 8, 0), agent("half", 4, 4));
        assertEquals(Optional.of(new AgentId("empty")), selector().select(cpu(1), candidates));
    }
}
