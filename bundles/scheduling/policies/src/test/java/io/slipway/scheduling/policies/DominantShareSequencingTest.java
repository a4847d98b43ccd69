package io.slipway.scheduling.policies;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.scheduling.spi.SequencingPolicy;
import io.slipway.scheduling.spi.Usage;
import io.slipway.scheduling.testkit.SequencingPolicyContract;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DominantShareSequencingTest extends SequencingPolicyContract {

    @Override
    protected SequencingPolicy policy() {
        return new DominantShareSequencing();
    }

    @Test
    void putsTheOwnerWithTheSmallerShareFirst() {
        var order = policy().order(new Usage(cpu(10), Map.of("a", cpu(5), "b", cpu(1))));
        assertTrue(order.compare(waiting("b", 10, 9), waiting("a", 10, 1)) < 0);
        assertTrue(order.compare(waiting("nothing", 10, 9), waiting("b", 10, 1)) < 0);
    }
}
