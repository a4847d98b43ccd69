package io.slipway.runtime.process;

import io.slipway.runtime.testkit.ProgramRuntimeContract;
import io.slipway.runtime.testkit.RuntimeFixture;
import java.io.IOException;

class ProcessRuntimeTest extends ProgramRuntimeContract {

    @Override
    protected RuntimeFixture newFixture() throws IOException {
        return new ProcessFixture();
    }
}
