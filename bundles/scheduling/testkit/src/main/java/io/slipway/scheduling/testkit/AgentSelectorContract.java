package io.slipway.scheduling.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.model.agent.AgentId;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import io.slipway.scheduling.spi.AgentCandidate;
import io.slipway.scheduling.spi.AgentSelector;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link AgentSelector} does. */
public abstract class AgentSelectorContract {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final SlotName GPU = new SlotName("cuda.device");

    /** For subclasses. */
    protected AgentSelectorContract() {}

    /** Returns the selector under test. */
    protected abstract AgentSelector selector();

    Duration limit() {
        return LIMIT;
    }

    /** Returns an agent with eight cores, so many of them free. */
    protected static AgentCandidate agent(String id, int freeCores, int kernels) {
        return new AgentCandidate(new AgentId(id), cpu(8), cpu(freeCores), kernels);
    }

    /** Returns so many cores. */
    protected static SlotAmounts cpu(int amount) {
        return SlotAmounts.of(SlotName.CPU, BigDecimal.valueOf(amount));
    }

    @Test
    void choosesTheOnlyCandidate() {
        assertEquals(Optional.of(new AgentId("one")), selector().select(cpu(1), List.of(agent("one", 4, 0))));
    }

    @Test
    void choosesOneOfTheCandidates() {
        var candidates = List.of(agent("a", 8, 0), agent("b", 3, 2), agent("c", 1, 7));
        var chosen = selector().select(cpu(1), candidates).orElseThrow();
        assertTrue(candidates.stream().anyMatch(candidate -> candidate.agent().equals(chosen)));
    }

    @Test
    void choosesTheSameAgentAgain() {
        var candidates = List.of(agent("a", 4, 1), agent("b", 4, 1), agent("c", 4, 1));
        assertEquals(selector().select(cpu(1), candidates), selector().select(cpu(1), candidates.reversed()));
    }

    @Test
    void copesWithAgentsThatLackOrHaveNothingOfASlot() {
        var capacity = SlotAmounts.of(GPU, BigDecimal.ONE);
        var odd = new AgentCandidate(new AgentId("odd"), capacity, SlotAmounts.NONE, 0);
        assertEquals(Optional.of(new AgentId("odd")), selector().select(cpu(1).plus(capacity), List.of(odd)));
        assertEquals(Optional.of(new AgentId("odd")), selector().select(SlotAmounts.NONE, List.of(odd)));
    }

    @Test
    void choosesOneOfManyWhateverTheirState() {
        var random = new Random(1);
        for (var round = 0; round < 200; round++) {
            var candidates = IntStream.range(0, random.nextInt(1, 20))
                    .mapToObj(i -> agent("a" + i, random.nextInt(1, 9), random.nextInt(5)))
                    .toList();
            var chosen = selector().select(cpu(1), candidates).orElseThrow();
            assertTrue(
                    candidates.stream().anyMatch(candidate -> candidate.agent().equals(chosen)));
            var shuffled = new ArrayList<>(candidates);
            Collections.shuffle(shuffled, random);
            assertEquals(Optional.of(chosen), selector().select(cpu(1), shuffled), "the order of candidates matters");
        }
    }

    @Test
    void choosesTheSameOnManyThreadsAndAfterARestart() {
        var candidates = IntStream.range(0, 50)
                .mapToObj(i -> agent("a" + i, 1 + i % 8, i % 5))
                .toList();
        var shared = selector();
        var expected = shared.select(cpu(1), candidates);
        var chosen = IntStream.range(0, 200)
                .parallel()
                .mapToObj(i -> (i % 2 == 0 ? shared : selector()).select(cpu(1), candidates))
                .distinct()
                .toList();
        assertEquals(List.of(expected), chosen);
    }

    @Test
    void choosesAmongManyInTime() {
        var candidates = IntStream.range(0, 5_000)
                .mapToObj(i -> agent("a" + i, 1 + i % 8, i % 5))
                .toList();
        assertTimeoutPreemptively(limit(), () -> selector().select(cpu(1), candidates));
    }

    @Test
    void choosesTheSameOnAnInterruptedThread() throws Exception {
        var candidates = List.of(agent("a", 8, 0), agent("b", 3, 2), agent("c", 1, 7));
        var selector = selector();
        var expected = selector.select(cpu(1), candidates);
        assertEquals(expected, Interrupted.answer(() -> selector.select(cpu(1), candidates), limit()));
        assertEquals(expected, selector.select(cpu(1), candidates), "and after that");
    }

    @Test
    void keepsPlainWorkOffRareDevices() {
        var capacity = SlotAmounts.of(Map.of(SlotName.CPU, BigDecimal.valueOf(8), GPU, BigDecimal.ONE));
        var withGpu = new AgentCandidate(new AgentId("gpu"), capacity, capacity, 0);
        for (var free = 1; free <= 8; free++) {
            var chosen = selector().select(cpu(1), List.of(withGpu, agent("plain", free, 8 - free)));
            assertEquals(Optional.of(new AgentId("plain")), chosen);
        }
    }
}
