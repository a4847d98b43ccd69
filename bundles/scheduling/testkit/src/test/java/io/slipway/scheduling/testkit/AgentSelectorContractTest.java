package io.slipway.scheduling.testkit;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slipway.model.agent.AgentId;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.scheduling.spi.AgentCandidate;
import io.slipway.scheduling.spi.AgentSelector;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A good selector passes, and none with a fault does. */
class AgentSelectorContractTest {

    private static final Rule MANY = AgentSelectorContract::choosesAmongManyInTime;
    private static final Rule INTERRUPTED = AgentSelectorContract::choosesTheSameOnAnInterruptedThread;

    interface Rule {
        void check(AgentSelectorContract contract) throws Exception;
    }

    /** Fewest kinds of slots, then fewest kernels, then lowest id. */
    static final class Selector implements AgentSelector {

        private final Fault fault;
        private volatile boolean wasInterrupted;

        Selector(Fault fault) {
            this.fault = fault;
        }

        @Override
        public Optional<AgentId> select(SlotAmounts request, List<AgentCandidate> candidates) {
            var otherwise = fault.begin(wasInterrupted);
            wasInterrupted |= Thread.currentThread().isInterrupted();
            var order = Comparator.<AgentCandidate>comparingInt(
                            agent -> agent.capacity().amounts().size())
                    .thenComparingInt(AgentCandidate::kernels)
                    .thenComparing(agent -> agent.agent().value());
            return candidates.stream().min(otherwise ? order.reversed() : order).map(AgentCandidate::agent);
        }
    }

    private static final class Contract extends AgentSelectorContract {

        private final Fault fault;

        Contract(Fault fault) {
            this.fault = fault;
        }

        @Override
        protected AgentSelector selector() {
            return new Selector(fault);
        }

        @Override
        Duration limit() {
            return Duration.ofMillis(300);
        }
    }

    @Test
    void findsThatItHangs() {
        assertThrows(AssertionError.class, () -> MANY.check(new Contract(Fault.HANGS)));
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NOTHING", "HANGS"})
    void findsWhatAnInterruptDoes(Fault fault) {
        assertThrows(AssertionError.class, () -> INTERRUPTED.check(new Contract(fault)));
    }
}
