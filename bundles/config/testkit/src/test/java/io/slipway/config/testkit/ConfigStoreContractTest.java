package io.slipway.config.testkit;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slipway.config.spi.ConfigStore;
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
class ConfigStoreContractTest {

    private static final Rule REPEATED = ConfigStoreContract::aRepeatedCallChangesNothing;
    private static final Rule LISTENER = ConfigStoreContract::answersInTimeThoughAListenerHangs;
    private static final Rule INTERRUPTED = ConfigStoreContract::endsInTimeWhenItsThreadIsInterrupted;
    private static final Rule WRITERS = ConfigStoreContract::losesNoPutOfWritersThatAreInterrupted;

    interface Rule {
        void check(ConfigStoreContract contract) throws Exception;
    }

    private static final class Contract extends ConfigStoreContract {

        private final Fault fault;
        private final TreeMap<String, String> pairs = new TreeMap<>();

        Contract(Fault fault) {
            this.fault = fault;
            this.folder = Path.of("nowhere");
        }

        @Override
        protected ConfigStore open(Path folder) {
            return new MemoryStore(fault, pairs);
        }

        @Override
        protected void close(ConfigStore store) {}

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
        for (var rule : List.of(REPEATED, LISTENER, INTERRUPTED, WRITERS)) {
            check(rule, Fault.NOTHING);
        }
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(Fault.PUT_REPLACES_ALL, REPEATED),
                Arguments.of(Fault.DELETE_COUNTS_AGAIN, REPEATED),
                Arguments.of(Fault.LISTENERS_HOLD_UP_WRITERS, LISTENER),
                Arguments.of(Fault.HANGS_WHEN_INTERRUPTED, INTERRUPTED),
                Arguments.of(Fault.FORGETS_THE_INTERRUPT, INTERRUPTED),
                Arguments.of(Fault.BREAKS_WHEN_INTERRUPTED, INTERRUPTED),
                Arguments.of(Fault.WATCHES_END_BY_AN_INTERRUPT, INTERRUPTED),
                Arguments.of(Fault.DIES_WHEN_INTERRUPTED, INTERRUPTED),
                Arguments.of(Fault.HANGS_WHEN_INTERRUPTED, WRITERS),
                Arguments.of(Fault.LOSES_PUTS_OF_THE_INTERRUPTED, WRITERS));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void findsEveryFault(Fault fault, Rule rule) {
        assertThrows(Throwable.class, () -> check(rule, fault));
    }
}
