package io.slipway.manager.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.store.Placement;
import io.slipway.model.agent.AgentId;
import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.session.ClusterMode;
import io.slipway.model.session.SessionId;
import io.slipway.model.slot.SlotAmounts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What must hold for every decision, on random groups and queues; a failing seed is named by the test's display name. */
class DeciderPropertyTest {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    static Stream<Long> seeds() {
        return Stream.iterate(1L, seed -> seed + 1).limit(300);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyDecisionKeepsTheRules(long seed) {
        var random = new SplittableRandom(seed);
        var agents = agents(random);
        var queue = queue(random);
        var snapshot = Samples.snapshot(agents.toArray(AgentState[]::new));
        var decision = Decider.decide(snapshot, queue, Samples.FULLEST, PATIENCE, 1_000);
        var byId = queue.stream().collect(Collectors.toMap(Waiting::id, Function.identity()));

        var decided = new HashSet<SessionId>(decision.reasons().keySet());
        decision.placements().forEach(placement -> assertTrue(decided.add(placement.session()), "decided twice"));
        assertEquals(byId.keySet(), decided, "each session is placed or has a reason");
        decision.reasons().values().forEach(reason -> assertTrue(!reason.isBlank()));
        decision.placements().forEach(placement -> assertWhole(placement, byId.get(placement.session())));
        assertNoDeviceIsOverbooked(agents, decision.placements());
        assertNothingLeftThatWouldFit(agents, queue, decision);
    }

    private static void assertWhole(Placement placement, Waiting waiting) {
        assertEquals(
                waiting.kernels(),
                placement.kernels().stream()
                        .map(Placement.KernelPlacement::kernel)
                        .toList());
        for (int i = 0; i < waiting.kernels().size(); i++) {
            var sum = sum(placement.kernels().get(i).allocations());
            assertEquals(waiting.shape().requests().get(i), sum, "a kernel gets exactly what it asked for");
        }
        if (waiting.shape().mode() == ClusterMode.SINGLE_NODE) {
            assertEquals(
                    1,
                    placement.kernels().stream()
                            .map(Placement.KernelPlacement::agent)
                            .distinct()
                            .count());
        }
    }

    private static void assertNoDeviceIsOverbooked(List<AgentState> agents, List<Placement> placements) {
        agents.forEach(agent -> assertTrue(
                used(agent.id(), placements).fitsInto(agent.free()), "agent " + agent.id() + " is overbooked"));
    }

    /** With no session old enough to have agents kept for it, whatever waits on fits on no single agent. */
    private static void assertNothingLeftThatWouldFit(List<AgentState> agents, List<Waiting> queue, Decision decision) {
        var isAnyStarving =
                queue.stream().anyMatch(waiting -> waiting.session().createdAt().isBefore(Samples.NOW.minus(PATIENCE)));
        if (isAnyStarving) {
            return;
        }
        for (var waiting : queue) {
            if (decision.reasons().containsKey(waiting.id()) && waiting.shape().mode() == ClusterMode.SINGLE_NODE) {
                agents.forEach(agent -> assertTrue(
                        !waiting.shape().total().fitsInto(agent.free().minus(used(agent.id(), decision.placements()))),
                        waiting.id() + " fits on " + agent.id()));
            }
        }
    }

    private static SlotAmounts used(AgentId agent, List<Placement> placements) {
        Map<AgentId, SlotAmounts> used = new HashMap<>();
        placements.stream()
                .flatMap(placement -> placement.kernels().stream())
                .forEach(kernel -> used.merge(kernel.agent(), sum(kernel.allocations()), SlotAmounts::plus));
        return used.getOrDefault(agent, SlotAmounts.NONE);
    }

    private static SlotAmounts sum(List<DeviceAllocation> allocations) {
        return allocations.stream()
                .map(one -> SlotAmounts.of(one.slot(), one.amount()))
                .reduce(SlotAmounts.NONE, SlotAmounts::plus);
    }

    private static List<AgentState> agents(RandomGenerator random) {
        var result = new ArrayList<AgentState>();
        for (int i = random.nextInt(0, 6); i > 0; i--) {
            result.add(Samples.agent("a" + i, random.nextInt(1, 17), random.nextInt(1, 33)));
        }
        return result;
    }

    private static List<Waiting> queue(RandomGenerator random) {
        var oldest = random.nextBoolean() ? 200 : 1_000;
        var result = new ArrayList<Waiting>();
        for (int i = random.nextInt(0, 40); i > 0; i--) {
            var kernels = new SlotAmounts[random.nextInt(4) == 0 ? random.nextInt(2, 5) : 1];
            var needs = Samples.needs(random.nextInt(1, 9), random.nextInt(1, 9));
            Arrays.fill(kernels, needs);
            var mode = random.nextBoolean() ? ClusterMode.SINGLE_NODE : ClusterMode.MULTI_NODE;
            result.add(Samples.waiting(i, random.nextInt(oldest), mode, kernels));
        }
        result.sort(Comparator.comparing(Waiting::session, Samples.FIFO));
        return result;
    }
}
