package io.slipway.scheduling.policies;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.scheduling.spi.SequencingPolicy;
import io.slipway.scheduling.spi.Usage;
import io.slipway.scheduling.testkit.SequencingPolicyContract;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FifoSequencingTest extends SequencingPolicyContract {

    @Override
    protected SequencingPolicy policy() {
        return new FifoSequencing();
    }

    @Test
    void putsTheOlderFirst() {
        var order = policy().order(new Usage(cpu(1), Map.of()));
        assertTrue(order.compare(waiting("a", 10, 1), waiting("b", 10, 2)) < 0);
    }
}
