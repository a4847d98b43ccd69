package io.slipway.manager.scheduler;

import static io.slipway.manager.scheduler.Samples.agent;
import static io.slipway.manager.scheduler.Samples.needs;
import static io.slipway.manager.scheduler.Samples.snapshot;
import static io.slipway.manager.scheduler.Samples.waiting;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.allocation.AllocationResult;
import io.slipway.allocation.DeviceAllocator;
import io.slipway.model.agent.AgentId;
import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.session.ClusterMode;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.scheduling.spi.AgentSelector;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeciderTest {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static Decision decide(Snapshot snapshot, Waiting... queue) {
        return Decider.decide(snapshot, Arrays.asList(queue), Samples.FULLEST, PATIENCE, 100);
    }

    private static List<Long> placed(Decision decision) {
        return decision.placements().stream()
                .map(placement -> placement.session().value().getLeastSignificantBits())
                .toList();
    }

    private static String reason(Decision decision, Waiting waiting) {
        return decision.reasons().getOrDefault(waiting.id(), "");
    }

    @Test
    void placesInOrderWhatFits() {
        var decision = decide(
                snapshot(agent("a", 4, 8)),
                waiting(1, 9, needs(2, 1)),
                waiting(2, 8, needs(2, 1)),
                waiting(3, 7, needs(1, 1)));
        assertEquals(List.of(1L, 2L), placed(decision));
        assertTrue(decision.isComplete());
    }

    @Test
    void saysWhatIsLackingAndHowMuch() {
        var holder = waiting(1, 9, needs(3, 1));
        var waiter = waiting(2, 8, needs(2, 1));
        var decision = decide(snapshot(agent("a", 4, 8)), holder, waiter);
        assertEquals("needs 2 cpu; the freest of 1 agent in group default has 1", reason(decision, waiter));
    }

    @Test
    void saysWhenNoAgentIsLargeEnoughEver() {
        var waiter = waiting(1, 8, needs(2, 16));
        var decision = decide(snapshot(agent("a", 4, 8), agent("b", 4, 12)), waiter);
        assertEquals(
                "needs 16g mem, more than any of 2 agents in group default has: the largest has 12g",
                reason(decision, waiter));
    }

    @Test
    void saysWhenEachSlotIsThereButNotTogether() {
        var waiter = waiting(1, 8, needs(4, 8));
        var decision = decide(snapshot(agent("a", 4, 4), agent("b", 2, 8)), waiter);
        assertEquals(
                "needs 4 cpu, 8g mem at once; none of 2 agents in group default has that free together",
                reason(decision, waiter));
    }

    @Test
    void saysWhenThereIsNoAgent() {
        var waiter = waiting(1, 8, needs(1, 1));
        assertEquals("no agent of group default can take it now", reason(decide(snapshot(), waiter), waiter));
    }

    @Test
    void passesOverWhatDoesNotFit() {
        var decision = decide(snapshot(agent("a", 4, 8)), waiting(1, 9, needs(8, 1)), waiting(2, 8, needs(1, 1)));
        assertEquals(List.of(2L), placed(decision));
    }

    @Test
    void keepsTheClosestAgentForASessionThatWasPassedOverTooLong() {
        var busy = agent("a", 4, 8).with(DeciderTest.take(agent("a", 4, 8), needs(2, 1)));
        var busier = agent("b", 4, 8).with(DeciderTest.take(agent("b", 4, 8), needs(3, 1)));
        var large = waiting(1, 600, needs(4, 1));
        var small = waiting(2, 8, needs(1, 1));
        var smaller = waiting(3, 7, needs(1, 1));
        var decision = decide(snapshot(busy, busier), large, small, smaller);
        assertEquals(List.of(2L), placed(decision));
        assertEquals(
                new AgentId("b"),
                decision.placements().getFirst().kernels().getFirst().agent());
        assertTrue(reason(decision, large).startsWith("needs 4 cpu"));
        assertEquals("needs 1 cpu; the freest of 1 agent in group default has 0", reason(decision, smaller));
    }

    @Test
    void keepsNothingForWhatFitsNowhere() {
        var huge = waiting(1, 600, needs(64, 1));
        var small = waiting(2, 8, needs(1, 1));
        assertEquals(List.of(2L), placed(decide(snapshot(agent("a", 4, 8)), huge, small)));
    }

    @Test
    void placesAllKernelsOfAClusterOrNone() {
        var three = new SlotAmounts[] {needs(2, 1), needs(2, 1), needs(2, 1)};
        var agents = snapshot(agent("a", 4, 8), agent("b", 2, 8));
        var together = decide(agents, waiting(1, 9, three));
        assertTrue(together.placements().isEmpty(), "6 cores are on no single agent");
        var apart = decide(agents, waiting(2, 9, ClusterMode.MULTI_NODE, three));
        assertEquals(3, apart.placements().getFirst().kernels().size());
        var four = new SlotAmounts[] {needs(2, 1), needs(2, 1), needs(2, 1), needs(2, 1)};
        var tooMany = decide(agents, waiting(3, 9, ClusterMode.MULTI_NODE, four), waiting(4, 8, needs(4, 1)));
        assertEquals(List.of(4L), placed(tooMany), "what a failed cluster took for a moment is free again");
    }

    @Test
    void avoidsAnAgentThatCouldNotTakeItLately() {
        var plain = waiting(1, 9, needs(1, 1));
        var avoid = Map.of(new AgentId("a"), Samples.NOW.plusSeconds(5));
        var waiting = new Waiting(plain.session(), plain.kernels(), plain.shape(), avoid, Waiting.Conditions.NONE);
        assertTrue(decide(snapshot(agent("a", 4, 8)), waiting).placements().isEmpty());
        assertFalse(decide(snapshot(agent("a", 4, 8), agent("b", 4, 8)), waiting)
                .placements()
                .isEmpty());
        var later =
                new Snapshot("default", List.of(agent("a", 4, 8)), Map.of(), Samples.TYPES, Samples.NOW.plusSeconds(6));
        assertFalse(decide(later, waiting).placements().isEmpty());
    }

    @Test
    void respectsAgentsAskedForAndTheArchitecture() {
        var plain = waiting(1, 9, needs(1, 1));
        var shape = plain.shape();
        var onB = new Waiting.Shape(shape.requests(), shape.architecture(), shape.mode(), Set.of(new AgentId("b")));
        var agents = snapshot(agent("a", 4, 8), agent("b", 4, 8));
        var decision =
                decide(agents, new Waiting(plain.session(), plain.kernels(), onB, Map.of(), Waiting.Conditions.NONE));
        assertEquals(
                new AgentId("b"),
                decision.placements().getFirst().kernels().getFirst().agent());
        var arm = new Waiting.Shape(shape.requests(), "aarch64", shape.mode(), Set.of());
        assertTrue(decide(agents, new Waiting(plain.session(), plain.kernels(), arm, Map.of(), Waiting.Conditions.NONE))
                .placements()
                .isEmpty());
    }

    @Test
    void stopsAtTheLimitAndSaysThatThereIsMore() {
        var decision = Decider.decide(
                snapshot(agent("a", 4, 8)),
                List.of(waiting(1, 9, needs(1, 1)), waiting(2, 8, needs(1, 1))),
                Samples.FULLEST,
                PATIENCE,
                1);
        assertEquals(List.of(1L), placed(decision));
        assertFalse(decision.isComplete());
    }

    @Test
    void leavesASessionThatThePolicyWantsNowhere() {
        AgentSelector none = (request, candidates) -> Optional.empty();
        var waiter = waiting(1, 9, needs(1, 1));
        var decision = Decider.decide(snapshot(agent("a", 4, 8)), List.of(waiter), none, PATIENCE, 10);
        assertTrue(decision.placements().isEmpty());
        assertFalse(reason(decision, waiter).isBlank());
    }

    @Test
    void isPure() {
        var agents = snapshot(agent("a", 4, 8), agent("b", 8, 16));
        var queue = new Waiting[] {
            waiting(1, 9, needs(3, 1)),
            waiting(2, 8, needs(9, 1)),
            waiting(3, 7, needs(2, 4)),
            waiting(4, 6, needs(3, 2))
        };
        assertEquals(decide(agents, queue), decide(agents, queue));
    }

    static List<DeviceAllocation> take(AgentState agent, SlotAmounts request) {
        var result = DeviceAllocator.allocate(request, agent.devices(), agent.taken());
        return ((AllocationResult.Allocated) result).allocations();
    }

    /** What holds the agent may run for days; nobody else may be held up for so long by one that waits. */
    @Test
    void keepsAgentsForABoundedTimeAndThenLetsOthersPass() {
        var agents = snapshot(agent("a", 4, 8));
        var later = new Snapshot(
                agents.group(),
                agents.agents(),
                agents.others(),
                agents.slotTypes(),
                agents.at().plus(PATIENCE));
        var queue =
                new Waiting[] {waiting(1, 900, needs(3, 1)), waiting(2, 800, needs(4, 1)), waiting(3, 7, needs(1, 1))};
        assertEquals(List.of(1L), placed(decide(agents, queue)));
        assertEquals(List.of(1L, 3L), placed(decide(later, queue)));
    }
}
