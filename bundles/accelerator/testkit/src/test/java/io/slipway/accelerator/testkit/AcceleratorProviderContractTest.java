package io.slipway.accelerator.testkit;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slipway.accelerator.spi.AcceleratorProvider;
import io.slipway.accelerator.testkit.OneDevice.Fault;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A good provider passes, and none with a fault does. */
class AcceleratorProviderContractTest {

    private static final Rule LIMIT = AcceleratorProviderContract::answersWithinTheLimit;
    private static final Rule INTERRUPTED = AcceleratorProviderContract::endsInTimeWhenItsThreadIsInterrupted;

    interface Rule {
        void check(AcceleratorProviderContract contract) throws Exception;
    }

    private static final class Contract extends AcceleratorProviderContract {

        private final Fault fault;

        Contract(Fault fault) {
            this.fault = fault;
        }

        @Override
        protected AcceleratorProvider provider() {
            return new OneDevice(fault);
        }

        @Override
        Duration limit() {
            return Duration.ofMillis(100);
        }
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(Fault.SLOTS_HANG, LIMIT),
                Arguments.of(Fault.INVENTORY_HANGS, LIMIT),
                Arguments.of(Fault.GRANT_HANGS, LIMIT),
                Arguments.of(Fault.INVENTORY_HANGS_WHEN_INTERRUPTED, INTERRUPTED),
                Arguments.of(Fault.GRANT_HANGS_WHEN_INTERRUPTED, INTERRUPTED),
                Arguments.of(Fault.FORGETS_THE_INTERRUPT, INTERRUPTED),
                Arguments.of(Fault.LOSES_ITS_DEVICE_WHEN_INTERRUPTED, INTERRUPTED),
                Arguments.of(Fault.GRANTS_OTHERWISE_AFTER_AN_INTERRUPT, INTERRUPTED),
                Arguments.of(Fault.BREAKS_WHEN_INTERRUPTED, INTERRUPTED));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void findsEveryFault(Fault fault, Rule rule) {
        assertThrows(Throwable.class, () -> rule.check(new Contract(fault)));
    }
}
