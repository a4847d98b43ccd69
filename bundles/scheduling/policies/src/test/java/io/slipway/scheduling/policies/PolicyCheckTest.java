package io.slipway.scheduling.policies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.slipway.plugin.api.SelfCheck;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PolicyCheckTest {

    @Test
    void findsNothingWrongWithWhatIsShipped() {
        for (var policy : List.<SelfCheck>of(
                new FifoSequencing(),
                new LifoSequencing(),
                new DominantShareSequencing(),
                new ConcentratedSelector(),
                new DispersedSelector())) {
            assertEquals(List.of(), policy.selfCheck(), policy::toString);
        }
    }

    @Test
    void findsAWrongOrder() {
        assertEquals(
                List.of("of three sessions the young one comes first, not the old one"),
                PolicyCheck.order(new LifoSequencing(), "old"));
        assertEquals(
                List.of("a session of a higher priority does not come first"),
                PolicyCheck.order(usage -> Sequence.OLDEST_FIRST, "old"));
    }

    @Test
    void findsAWrongChoice() {
        assertNotEquals(List.of(), PolicyCheck.choice(new DispersedSelector(), "busy"));
        assertEquals(
                List.of("of a busy and an idle agent it chooses none, not the idle one"),
                PolicyCheck.choice((request, candidates) -> Optional.empty(), "idle"));
    }
}
