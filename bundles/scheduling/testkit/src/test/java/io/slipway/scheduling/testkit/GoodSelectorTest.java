package io.slipway.scheduling.testkit;

import io.slipway.scheduling.spi.AgentSelector;

/** A good one passes all of the contract. */
class GoodSelectorTest extends AgentSelectorContract {

    @Override
    protected AgentSelector selector() {
        return new AgentSelectorContractTest.Selector(Fault.NOTHING);
    }
}
