package ${package};

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slipway.model.agent.AgentId;
import io.slipway.scheduling.spi.AgentSelector;
import io.slipway.scheduling.testkit.AgentSelectorContract;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every selector does, and what this one does beyond. */
class FewestKernelsTest extends AgentSelectorContract {

    @Override
    protected AgentSelector selector() {
        return new FewestKernels();
    }

    @Test
    void choosesTheAgentWithTheFewestKernels() {
        var candidates = List.of(agent("busy", 8, 5), agent("idle", 2, 1));
        assertEquals(Optional.of(new AgentId("idle")), selector().select(cpu(1), candidates));
    }
}
