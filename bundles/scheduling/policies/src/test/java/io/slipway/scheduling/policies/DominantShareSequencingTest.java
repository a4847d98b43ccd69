package io.slipway.scheduling.policies;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import io.slipway.scheduling.spi.SequencingPolicy;
import io.slipway.scheduling.spi.Usage;
import io.slipway.scheduling.testkit.SequencingPolicyContract;
import java.math.BigDecimal;
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

    @Test
    void countsTheSlotThatAnOwnerHoldsMostOf() {
        var memory = SlotName.MEM;
        var capacity = cpu(10).plus(SlotAmounts.of(memory, BigDecimal.valueOf(100)));
        var fewCores = cpu(1).plus(SlotAmounts.of(memory, BigDecimal.valueOf(90)));
        var order = policy().order(new Usage(capacity, Map.of("a", fewCores, "b", cpu(5))));
        assertTrue(order.compare(waiting("b", 10, 9), waiting("a", 10, 1)) < 0);
    }

    @Test
    void passesOverSlotsThatNoAgentHas() {
        var gone = SlotAmounts.of(new SlotName("cuda.device"), BigDecimal.TEN);
        var order = policy().order(new Usage(cpu(10), Map.of("a", gone, "b", cpu(1))));
        assertTrue(order.compare(waiting("a", 10, 9), waiting("b", 10, 1)) < 0);
    }

    @Test
    void putsTheOlderFirstAmongEqualShares() {
        var order = policy().order(new Usage(cpu(10), Map.of("a", cpu(2), "b", cpu(2))));
        assertTrue(order.compare(waiting("b", 10, 1), waiting("a", 10, 2)) < 0);
    }
}
