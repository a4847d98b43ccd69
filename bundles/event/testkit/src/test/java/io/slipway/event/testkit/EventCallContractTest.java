package io.slipway.event.testkit;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slipway.event.spi.EventBus;
import io.slipway.event.testkit.PlainBus.Fault;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A good bus passes, and none with a fault does. */
class EventCallContractTest {

    private static final Rule AGAIN = EventCallContract::tellsWhatIsPublishedAgainAgainByTheSameId;
    private static final Rule TWICE = EventCallContract::endsASubscriptionOnceThoughItIsEndedTwice;
    private static final Rule LIMIT = EventCallContract::waitsNoLongerThanItMay;
    private static final Rule INTERRUPTED = EventCallContract::endsInTimeWhenItsThreadIsInterrupted;

    interface Rule {
        void check(EventCallContract contract) throws Exception;
    }

    private static final class Contract extends EventCallContract {

        private final Fault fault;

        Contract(Fault fault) {
            this.fault = fault;
        }

        @Override
        protected EventBus open() {
            return new PlainBus(fault);
        }

        @Override
        protected void close(EventBus bus) {}

        @Override
        Duration limit() {
            return fault == Fault.NOTHING ? super.limit() : Duration.ofMillis(500);
        }
    }

    private static void check(Rule rule, Fault fault) throws Exception {
        var contract = new Contract(fault);
        contract.openBus();
        rule.check(contract);
    }

    @Test
    void aGoodOnePasses() throws Exception {
        for (var rule : List.of(AGAIN, TWICE, LIMIT, INTERRUPTED)) {
            check(rule, Fault.NOTHING);
        }
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(Fault.TELLS_AN_ID_ONCE, AGAIN),
                Arguments.of(Fault.TELLS_ONE_END, TWICE),
                Arguments.of(Fault.CUTS_WHAT_IS_CLOSED, TWICE),
                Arguments.of(Fault.FINISH_WAITS, TWICE),
                Arguments.of(Fault.PUBLISH_WAITS, LIMIT),
                Arguments.of(Fault.HANGS_WHEN_INTERRUPTED, INTERRUPTED),
                Arguments.of(Fault.FORGETS_THE_INTERRUPT, INTERRUPTED),
                Arguments.of(Fault.BREAKS_WHEN_INTERRUPTED, INTERRUPTED),
                Arguments.of(Fault.CUTS_OTHERS_BY_AN_INTERRUPT, INTERRUPTED),
                Arguments.of(Fault.DIES_WHEN_INTERRUPTED, INTERRUPTED));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void findsEveryFault(Fault fault, Rule rule) {
        assertThrows(Throwable.class, () -> check(rule, fault));
    }
}
