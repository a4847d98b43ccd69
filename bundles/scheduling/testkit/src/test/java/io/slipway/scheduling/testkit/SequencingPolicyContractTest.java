package io.slipway.scheduling.testkit;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slipway.scheduling.spi.PendingSession;
import io.slipway.scheduling.spi.SequencingPolicy;
import io.slipway.scheduling.spi.Usage;
import java.time.Duration;
import java.util.Comparator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A good policy passes, and none with a fault does. */
class SequencingPolicyContractTest {

    private static final Rule MANY = SequencingPolicyContract::ordersManyInTime;
    private static final Rule INTERRUPTED = SequencingPolicyContract::ordersTheSameOnAnInterruptedThread;

    interface Rule {
        void check(SequencingPolicyContract contract) throws Exception;
    }

    /** The most urgent first, then the oldest. */
    static final class Policy implements SequencingPolicy {

        private static final Comparator<PendingSession> ORDER = Comparator.comparingInt(PendingSession::priority)
                .reversed()
                .thenComparing(PendingSession::createdAt)
                .thenComparing(session -> session.session().value());

        private final Fault fault;
        private volatile boolean wasInterrupted;

        Policy(Fault fault) {
            this.fault = fault;
        }

        @Override
        public Comparator<PendingSession> order(Usage usage) {
            var otherwise = fault.begin(wasInterrupted);
            wasInterrupted |= Thread.currentThread().isInterrupted();
            return otherwise ? ORDER.reversed() : ORDER;
        }
    }

    private static final class Contract extends SequencingPolicyContract {

        private final Fault fault;

        Contract(Fault fault) {
            this.fault = fault;
        }

        @Override
        protected SequencingPolicy policy() {
            return new Policy(fault);
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
