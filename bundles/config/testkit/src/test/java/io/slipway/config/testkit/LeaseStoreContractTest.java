package io.slipway.config.testkit;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slipway.config.spi.LeaseStore;
import io.slipway.config.testkit.MemoryStore.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A good store passes, and none with a fault does. */
class LeaseStoreContractTest {

    private static final Rule REPEATED = LeaseStoreContract::aRepeatedCallChangesNothing;
    private static final Rule HELD = LeaseStoreContract::doesNotWaitForALeaseThatAnotherHolds;
    private static final Rule INTERRUPTED = LeaseStoreContract::endsInTimeWhenItsThreadIsInterrupted;

    interface Rule {
        void check(LeaseStoreContract contract) throws Exception;
    }

    private static final class Contract extends LeaseStoreContract {

        private final Fault fault;

        Contract(Fault fault) {
            this.fault = fault;
            this.folder = Path.of("nowhere");
        }

        @Override
        protected LeaseStore open(Path folder) {
            return new MemoryStore(fault, new TreeMap<>());
        }

        @Override
        protected void close(LeaseStore store) {}

        @Override
        protected void pass(Duration time) {}

        @Override
        Duration limit() {
            return fault == Fault.NOTHING ? super.limit() : Duration.ofMillis(500);
        }
    }

    private static void check(Rule rule, Fault fault) throws Exception {
        var contract = new Contract(fault);
        contract.openStore();
        rule.check(contract);
    }

    @Test
    void aGoodOnePasses() throws Exception {
        for (var rule : List.of(REPEATED, HELD, INTERRUPTED)) {
            check(rule, Fault.NOTHING);
        }
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(Fault.RENEWS_WITH_A_NEW_TOKEN, REPEATED),
                Arguments.of(Fault.ANYBODY_MAY_RELEASE, REPEATED),
                Arguments.of(Fault.WAITS_FOR_LEASES, HELD),
                Arguments.of(Fault.HANGS_WHEN_INTERRUPTED, INTERRUPTED),
                Arguments.of(Fault.FORGETS_THE_INTERRUPT, INTERRUPTED),
                Arguments.of(Fault.DIES_WHEN_INTERRUPTED, INTERRUPTED),
                Arguments.of(Fault.LEASES_END_BY_AN_INTERRUPT, INTERRUPTED));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void findsEveryFault(Fault fault, Rule rule) {
        assertThrows(Throwable.class, () -> check(rule, fault));
    }
}
