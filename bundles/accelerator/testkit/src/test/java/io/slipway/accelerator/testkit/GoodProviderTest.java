package io.slipway.accelerator.testkit;

import io.slipway.accelerator.spi.AcceleratorProvider;

/** A good one passes all of the contract. */
class GoodProviderTest extends AcceleratorProviderContract {

    @Override
    protected AcceleratorProvider provider() {
        return new OneDevice(OneDevice.Fault.NOTHING);
    }
}
