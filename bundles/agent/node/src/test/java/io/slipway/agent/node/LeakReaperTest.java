package io.slipway.agent.node;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.model.kernel.KernelId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeakReaperTest {

    @TempDir
    private Path home;

    @Test
    void removesTheContainerOfAKernelThatHasEndedOnceMore() throws Exception {
        try (var fixture = new NodeFixture(home).start()) {
            var kernel = ended(fixture);
            NodeFixture.await(() -> !fixture.runtime.containers.containsKey(kernel));
        }
    }

    @Test
    void aRuntimeThatDoesNotAnswerKeepsNoOtherFromBeingSweptButEveryHome() throws Exception {
        var silent = new FakeRuntime();
        try (var fixture = new NodeFixture(home)) {
            fixture.runtimes.with("silent", silent);
            fixture.start();
            silent.listFailure = "the engine is gone";
            var leaked = fixture.folders.kernelHomes().resolve(UUID.randomUUID().toString());
            Files.createDirectories(leaked);
            var kernel = ended(fixture);

            NodeFixture.await(() -> !fixture.runtime.containers.containsKey(kernel));
            assertTrue(Files.exists(leaked), "it may be the home of one of the silent runtime's kernels");
            silent.listFailure = null;
            NodeFixture.await(() -> !Files.exists(leaked));
        }
    }

    /** Returns a kernel whose container is there again after its end, as an engine brings it back that had lost a change. */
    private static KernelId ended(NodeFixture fixture) throws Exception {
        var kernel = fixture.create();
        fixture.sink.awaitRunning(kernel);
        var container = fixture.runtime.containers.get(kernel);
        fixture.destroy(kernel);
        fixture.sink.awaitEnded(kernel);
        NodeFixture.await(() -> !fixture.runtime.containers.containsKey(kernel));
        assertFalse(fixture.runtime.containers.containsKey(kernel));
        var again = new FakeRuntime.Container(container.spec);
        again.started = true;
        fixture.runtime.containers.put(kernel, again);
        return kernel;
    }
}
