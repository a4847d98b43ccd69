package io.slipway.runtime.docker;

import io.slipway.runtime.testkit.ProgramRuntimeContract;
import io.slipway.runtime.testkit.RuntimeFixture;
import java.io.IOException;

class DockerRuntimeTest extends ProgramRuntimeContract {

    @Override
    protected RuntimeFixture newFixture() throws IOException, InterruptedException {
        return new DockerFixture();
    }
}
