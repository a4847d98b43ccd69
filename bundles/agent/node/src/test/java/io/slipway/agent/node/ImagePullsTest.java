package io.slipway.agent.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.agent.api.AgentEvent;
import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.AgentException.Reason;
import io.slipway.agent.api.PrepareKernel;
import io.slipway.agent.spi.DriverKind;
import io.slipway.model.image.ImageRef;
import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelId;
import io.slipway.plugin.api.PluginId;
import io.slipway.runtime.spi.KernelSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImagePullsTest {

    @TempDir
    Path home;

    private NodeFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new NodeFixture(home).start();
    }

    @AfterEach
    void stop() {
        fixture.close();
        assertEquals(0, fixture.runtimes.openLeases.get());
    }

    @Test
    void pullsMissingImageTellsSoAndFindsItsInterpreter() throws AgentException {
        var request = prepare(FakeRuntime.REMOTE, Duration.ofSeconds(5));
        fixture.agent().prepare(request);
        NodeFixture.await(() -> !fixture.sink.events(request.kernel()).isEmpty());
        assertEquals(
                List.of(new AgentEvent.KernelPulling(NodeFixture.AGENT, request.kernel())),
                fixture.sink.events(request.kernel()));

        fixture.agent().prepare(request);
        fixture.agent().create(NodeFixture.request(request.kernel(), FakeRuntime.REMOTE, 1));
        fixture.sink.awaitRunning(request.kernel());
        assertEquals(1, fixture.runtime.pulls.get());
        assertEquals(DriverKind.PYTHON, fixture.driver.open.get(request.kernel()));
        assertEquals(
                "/usr/local/bin/python3",
                fixture.runtime.containers.get(request.kernel()).spec.command().getFirst());
    }

    @Test
    void pullsOnceForAllThatWait() throws Exception {
        var gate = new CompletableFuture<Void>();
        fixture.runtime.pullGate = gate;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> prepareAndReturn(Duration.ofSeconds(10)));
            NodeFixture.await(() -> fixture.runtime.pulls.get() == 1);
            var second = threads.submit(() -> prepareAndReturn(Duration.ofSeconds(10)));
            var impatient = assertThrows(AgentException.class, () -> prepareAndReturn(Duration.ofMillis(50)));
            assertEquals(Reason.TIMEOUT, impatient.reason());
            gate.complete(null);
            first.get();
            second.get();
        }
        assertEquals(1, fixture.runtime.pulls.get());
    }

    private Reason prepareAndReturn(Duration limit) throws AgentException {
        fixture.agent().prepare(prepare(FakeRuntime.REMOTE, limit));
        return Reason.FAILED;
    }

    @Test
    void givesTheWordsOfAFailedPull() {
        fixture.runtime.pullFailure = "manifest unknown";
        var failure = assertThrows(AgentException.class, () -> prepareAndReturn(Duration.ofSeconds(5)));
        assertEquals(Reason.FAILED, failure.reason());
        assertTrue(String.valueOf(failure.getMessage()).contains("team/tool:1 (x86_64) cannot be pulled: manifest"));
    }

    @Test
    void triesAgainAfterAFailedPull() throws AgentException {
        fixture.runtime.pullFailure = "no route";
        assertThrows(AgentException.class, () -> prepareAndReturn(Duration.ofSeconds(5)));
        fixture.runtime.pullFailure = null;
        assertEquals(Reason.FAILED, prepareAndReturn(Duration.ofSeconds(5)));
        assertEquals(2, fixture.runtime.pulls.get());
    }

    @Test
    void tellsThatARuntimeCannotRunBeforeItPulls() {
        fixture.runtime.canRun = false;
        var failure = assertThrows(AgentException.class, () -> prepareAndReturn(Duration.ofSeconds(5)));
        assertTrue(String.valueOf(failure.getMessage()).contains("no isolation tools"), failure::toString);
        assertEquals(0, fixture.runtime.pulls.get());
    }

    @Test
    void refusesRegistryThatNobodyServes() throws IOException {
        fixture.close();
        fixture.byRegistry.clear();
        fixture.kill().start();
        var failure = assertThrows(AgentException.class, () -> prepareAndReturn(Duration.ofSeconds(5)));
        assertEquals(Reason.INVALID_INPUT, failure.reason());
    }

    @Test
    void prefersTheRuntimeThatTheSettingsName() throws IOException {
        fixture.close();
        fixture.byRegistry.put("registry.example", new PluginId("absent"));
        fixture.kill().start();
        var failure = assertThrows(AgentException.class, () -> prepareAndReturn(Duration.ofSeconds(5)));
        assertEquals(Reason.INVALID_INPUT, failure.reason());
    }

    @Test
    void endsKernelOfAnImageInWhichNothingCanRunTheDriver() throws AgentException {
        var kernel = new KernelId(UUID.randomUUID());
        fixture.agent().create(NodeFixture.request(kernel, FakeRuntime.EMPTY, 1));
        var exit = fixture.sink.awaitEnded(kernel).exit();
        assertEquals(ExitReason.FAILED_TO_CREATE, exit.reason());
        assertTrue(exit.detail().contains("neither a Python 3 nor /bin/sh"), exit::detail);
    }

    @Test
    void keepsTheLastListOfARuntimeThatDoesNotAnswer() throws AgentException {
        var before = fixture.agent().images();
        fixture.runtime.imagesFailure = "the engine does not answer";
        assertEquals(3, before.size());
        assertEquals(before, fixture.agent().images());
    }

    @Test
    void letsInTheDevicesThatWereGranted() throws AgentException {
        fixture.cpu.deviceNodes = List.of("/dev/kfd");
        var kernel = fixture.create();
        fixture.sink.awaitRunning(kernel);
        assertEquals(
                List.of(new KernelSpec.Device("/dev/kfd", "/dev/kfd")),
                fixture.runtime.containers.get(kernel).spec.devices());
    }

    private static PrepareKernel prepare(ImageRef image, Duration limit) {
        return new PrepareKernel(new KernelId(UUID.randomUUID()), image, limit);
    }
}
