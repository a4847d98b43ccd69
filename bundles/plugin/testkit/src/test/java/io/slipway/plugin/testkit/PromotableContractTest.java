package io.slipway.plugin.testkit;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.plugin.testkit.Ledger.Fault;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A good provider passes, and none with a fault does. */
class PromotableContractTest {

    private static final Rule THERE_AND_BACK = PromotableContract::handsOverThereAndBack;
    private static final Rule STANDBY = PromotableContract::servesNobodyBeforeItIsPromoted;
    private static final Rule UNKNOWN = PromotableContract::refusesStateThatItDoesNotKnowAndOwnsNothingThen;
    private static final Rule REFUSAL = PromotableContract::aRefusalLeavesTheOwner;
    private static final Rule WORDS = PromotableContract::saysWhatItWouldMoveAndMovesNothing;
    private static final Rule STOP = PromotableContract::servesAgainAfterTheOwnerHasStopped;
    private static final List<Rule> ALL = List.of(THERE_AND_BACK, STANDBY, UNKNOWN, REFUSAL, WORDS, STOP);

    private static final Map<Fault, Rule> FOUND_BY = Map.ofEntries(
            Map.entry(Fault.SERVES_AS_A_STANDBY, STANDBY),
            Map.entry(Fault.NEVER_SERVES, STANDBY),
            Map.entry(Fault.SERVES_ON, THERE_AND_BACK),
            Map.entry(Fault.LOSES_STATE, THERE_AND_BACK),
            Map.entry(Fault.TAKES_ANY_STATE, UNKNOWN),
            Map.entry(Fault.OWNS_AFTER_A_REFUSAL, UNKNOWN),
            Map.entry(Fault.FORGETS_BY_A_REFUSAL, REFUSAL),
            Map.entry(Fault.REFUSES_WITHOUT_A_WORD, REFUSAL),
            Map.entry(Fault.MOVES_WHEN_ASKED, WORDS),
            Map.entry(Fault.SAYS_NOTHING, WORDS),
            Map.entry(Fault.NEEDS_STATE, STOP),
            Map.entry(Fault.SERVES_WHEN_STOPPED, STOP),
            Map.entry(Fault.HANGS, THERE_AND_BACK));

    interface Rule {
        void check(PromotableContract<Ledger> contract) throws Exception;
    }

    private static final class Contract extends PromotableContract<Ledger> {

        private final Fault fault;
        private final Set<Ledger> all = new HashSet<>();

        Contract(Fault fault) {
            this.fault = fault;
        }

        @Override
        protected Ledger standby() {
            return new Ledger(fault, all);
        }

        @Override
        protected void stop(Ledger provider) {
            provider.stop();
        }

        @Override
        protected void use(Ledger provider) {
            provider.use();
        }

        @Override
        protected void leave(Ledger provider, String name) {
            provider.leave(name);
        }

        @Override
        protected void find(Ledger provider, String name) {
            assertTrue(provider.has(name), name);
        }

        @Override
        Duration limit() {
            return fault == Fault.HANGS ? Duration.ofMillis(100) : super.limit();
        }
    }

    private static void check(Rule rule, Fault fault) throws Exception {
        var contract = new Contract(fault);
        contract.startBoth();
        rule.check(contract);
        contract.stopBoth();
    }

    @Test
    void aGoodOnePasses() throws Exception {
        for (var rule : ALL) {
            check(rule, Fault.NOTHING);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOTHING")
    void findsEveryFault(Fault fault) {
        var rule = Objects.requireNonNull(FOUND_BY.get(fault), () -> "nobody looks for " + fault);
        assertThrows(Throwable.class, () -> check(rule, fault));
    }
}
