package io.slipway.scheduling.policies;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.scheduling.spi.SequencingPolicy;
import io.slipway.scheduling.spi.Usage;
import io.slipway.scheduling.testkit.SequencingPolicyContract;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LifoSequencingTest extends SequencingPolicyContract {

    @Override
    protected SequencingPolicy policy() {
        return new LifoSequencing();
    }

    @Test
    void putsTheNewerFirst() {
        var order = policy().order(new Usage(cpu(1), Map.of()));
        assertTrue(order.compare(waiting("a", 10, 2), waiting("b", 10, 1)) < 0);
    }
}
