package io.slipway.scheduling.testkit;

import io.slipway.scheduling.spi.SequencingPolicy;

/** A good one passes all of the contract. */
class GoodPolicyTest extends SequencingPolicyContract {

    @Override
    protected SequencingPolicy policy() {
        return new SequencingPolicyContractTest.Policy(Fault.NOTHING);
    }
}
