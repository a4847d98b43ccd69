package io.slipway.runtime.process;

import io.slipway.runtime.testkit.KernelAbilitiesContract;
import io.slipway.runtime.testkit.RuntimeFixture;
import java.io.IOException;

class ProcessAbilitiesTest extends KernelAbilitiesContract {

    @Override
    protected RuntimeFixture newFixture() throws IOException {
        return new ProcessFixture();
    }
}
