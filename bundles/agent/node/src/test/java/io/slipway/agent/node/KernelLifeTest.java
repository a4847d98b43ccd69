package io.slipway.agent.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.agent.api.AgentEvent;
import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.AgentException.Reason;
import io.slipway.agent.api.ExecuteCall;
import io.slipway.agent.api.KernelReport;
import io.slipway.agent.api.PrepareKernel;
import io.slipway.agent.spi.DriverKind;
import io.slipway.model.image.ImageRef;
import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.spi.KernelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelLifeTest {

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
        assertEquals(0, fixture.accelerators.openLeases.get());
    }

    @Test
    void runsKernelWhenItsDriverAnswered() throws AgentException {
        fixture.driver.answersAtOnce = false;
        var kernel = fixture.create();
        NodeFixture.await(() -> fixture.driver.open.containsKey(kernel));
        assertEquals(
                KernelReport.Phase.STARTING,
                fixture.report(kernel).orElseThrow().phase());
        fixture.driver.answer(kernel);
        var running = fixture.sink.awaitRunning(kernel);
        assertEquals("c-" + kernel, running.containerId());
        assertEquals(2, running.allocations().size());
        assertEquals("jupyter", running.servicePorts().getFirst().name());
        assertEquals(
                KernelReport.Phase.RUNNING, fixture.report(kernel).orElseThrow().phase());
    }

    @Test
    void givesContainerIdentityGrantsLimitsAndDriver() throws AgentException {
        var kernel = fixture.create();
        fixture.sink.awaitRunning(kernel);
        KernelSpec spec = fixture.runtime.containers.get(kernel).spec;
        assertEquals("1", spec.environment().get("A"));
        assertEquals(kernel.toString(), spec.environment().get("SLIPWAY_KERNEL_ID"));
        assertEquals("main", spec.environment().get("BACKENDAI_CLUSTER_ROLE"));
        assertEquals("1", spec.environment().get("GRANTED_CPU"));
        assertEquals("1", spec.environment().get("OMP_NUM_THREADS"));
        assertEquals(64, spec.limits().processes());
        assertEquals(64L << 20, spec.limits().memoryBytes());
        assertEquals(List.of("/usr/bin/python3", "/opt/slipway/launch"), spec.command());
        assertEquals("/opt/slipway", spec.mounts().getFirst().kernelPath());
        assertTrue(spec.mounts().getFirst().isReadOnly());
        assertTrue(Files.isDirectory(spec.homeFolder()));
        assertTrue(spec.labels().get(KernelLabels.ALLOCATIONS).contains("\"cpu\""));
    }

    @Test
    void choosesDriverByWhatIsInTheImage() throws AgentException {
        var kernel = new KernelId(UUID.randomUUID());
        fixture.agent().create(NodeFixture.request(kernel, FakeRuntime.SHELL, 1));
        fixture.sink.awaitRunning(kernel);
        assertEquals(DriverKind.SHELL, fixture.driver.open.get(kernel));
    }

    @Test
    void runsKernelWithoutDriverWhenStartReturned() throws AgentException {
        fixture.runtime.carriesDriver = false;
        var kernel = fixture.create();
        fixture.sink.awaitRunning(kernel);
        assertTrue(fixture.driver.open.isEmpty());
        var call = new ExecuteCall(kernel, "r1", ExecuteCall.Mode.QUERY, "1", Map.of(), Duration.ofSeconds(1));
        var failure = assertThrows(AgentException.class, () -> fixture.agent().execute(call));
        assertEquals(Reason.FAILED, failure.reason());
    }

    @Test
    void leavesNothingAfterDestroy() throws AgentException {
        fixture.runtime.log = "bye";
        var kernel = fixture.create();
        fixture.sink.awaitRunning(kernel);
        fixture.destroy(kernel);
        fixture.destroy(kernel);
        var ended = fixture.sink.awaitEnded(kernel);
        assertEquals(new KernelExit(ExitReason.USER_REQUESTED, 137, ""), ended.exit());
        assertEquals("bye", ended.logs());
        assertNothingLeft(kernel);
        assertEquals(
                KernelReport.Phase.ENDED, fixture.report(kernel).orElseThrow().phase());
    }

    private void assertNothingLeft(KernelId kernel) {
        assertFalse(fixture.runtime.containers.containsKey(kernel));
        assertFalse(fixture.driver.open.containsKey(kernel));
        assertFalse(Files.exists(fixture.folders.kernelHomes().resolve(kernel.toString())));
        NodeFixture.await(() -> !Files.exists(fixture.folders.kernelNotes().resolve(kernel + ".json")));
    }

    @Test
    void repeatedCreateStartsOnceAndTellsAgain() throws AgentException {
        var kernel = new KernelId(UUID.randomUUID());
        var request = NodeFixture.request(kernel, FakeRuntime.PYTHON, 1);
        fixture.agent().create(request);
        fixture.sink.awaitRunning(kernel);
        fixture.agent().create(request);
        fixture.sink.awaitCount(kernel, 2);
        assertEquals(1, fixture.runtime.creations.get());
        assertInstanceOf(
                AgentEvent.KernelRunning.class, fixture.sink.events(kernel).getLast());
    }

    @Test
    void createOfEndedKernelTellsItsEndAgain() throws AgentException {
        var kernel = new KernelId(UUID.randomUUID());
        var request = NodeFixture.request(kernel, FakeRuntime.PYTHON, 1);
        fixture.agent().create(request);
        fixture.destroy(kernel);
        fixture.sink.awaitEnded(kernel);
        var told = fixture.sink.events(kernel).size();
        fixture.agent().create(request);
        fixture.sink.awaitCount(kernel, told + 1);
        assertInstanceOf(
                AgentEvent.KernelEnded.class, fixture.sink.events(kernel).getLast());
        assertTrue(fixture.runtime.containers.isEmpty());
    }

    @Test
    void tellsEndOfUnknownKernel() throws AgentException {
        var kernel = new KernelId(UUID.randomUUID());
        fixture.destroy(kernel);
        assertEquals(
                ExitReason.USER_REQUESTED,
                fixture.sink.awaitEnded(kernel).exit().reason());
        fixture.destroy(kernel);
        fixture.sink.awaitCount(kernel, 2);
    }

    @Test
    void admitsAsManyAsFitWhenCreatesRace() throws InterruptedException, ExecutionException {
        var refused = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var begin = new CountDownLatch(1);
            var results = new ArrayList<Future<KernelId>>();
            for (var i = 0; i < 40; i++) {
                results.add(threads.submit(() -> {
                    begin.await();
                    return fixture.create();
                }));
            }
            begin.countDown();
            for (var result : results) {
                try {
                    fixture.sink.awaitRunning(result.get());
                } catch (ExecutionException e) {
                    assertEquals(Reason.NO_CAPACITY, ((AgentException) e.getCause()).reason());
                    refused++;
                }
            }
        }
        assertEquals(36, refused);
        assertEquals(4, fixture.runtime.containers.size());
    }

    @Test
    void freesDevicesExactlyOnceWhenEndsRace() throws Exception {
        for (var round = 0; round < 20; round++) {
            var kernel = fixture.create();
            fixture.sink.awaitRunning(kernel);
            var container = fixture.runtime.containers.get(kernel);
            var exit = CompletableFuture.runAsync(
                    () -> container.exit.complete(new KernelExit(ExitReason.SELF_TERMINATED, 0, "")));
            fixture.destroy(kernel);
            exit.get(5, TimeUnit.SECONDS);
            fixture.sink.awaitEnded(kernel);
        }
        var kernel = new KernelId(UUID.randomUUID());
        fixture.agent().create(NodeFixture.request(kernel, FakeRuntime.PYTHON, 4));
        fixture.sink.awaitRunning(kernel);
        assertThrows(AgentException.class, fixture::create);
    }

    @Test
    void namesWhatIsLacking() {
        var kernel = new KernelId(UUID.randomUUID());
        var failure = assertThrows(
                AgentException.class, () -> fixture.agent().create(NodeFixture.request(kernel, FakeRuntime.PYTHON, 5)));
        assertEquals(Reason.NO_CAPACITY, failure.reason());
        assertTrue(String.valueOf(failure.getMessage()).contains("needs 5 cpu, 4 free"), failure.getMessage());
    }

    @Test
    void endsKernelThatCannotBeCreated() throws AgentException {
        fixture.runtime.createFailure = "disk is full";
        var kernel = fixture.create();
        var ended = fixture.sink.awaitEnded(kernel);
        assertEquals(new KernelExit(ExitReason.FAILED_TO_CREATE, null, "disk is full"), ended.exit());
        assertNothingLeft(kernel);
    }

    @Test
    void endsKernelThatDoesNotStart() throws AgentException {
        fixture.runtime.startFailure = "no such program";
        fixture.runtime.log = "exec format error";
        var kernel = fixture.create();
        var ended = fixture.sink.awaitEnded(kernel);
        assertEquals(ExitReason.FAILED_TO_START, ended.exit().reason());
        assertEquals("no such program", ended.exit().detail());
        assertEquals("exec format error", ended.logs());
        assertNothingLeft(kernel);
    }

    @Test
    void endsKernelThatExitsBeforeItsDriverAnswers() throws AgentException {
        fixture.driver.answersAtOnce = false;
        fixture.runtime.exitsAtStart = true;
        var kernel = fixture.create();
        var exit = fixture.sink.awaitEnded(kernel).exit();
        assertEquals(ExitReason.FAILED_TO_START, exit.reason());
        assertEquals(3, exit.exitCode());
        assertTrue(exit.detail().contains("exit status 3"), exit.detail());
        assertNothingLeft(kernel);
    }

    @Test
    void destroyBreaksOffStart() throws AgentException {
        fixture.driver.answersAtOnce = false;
        var kernel = fixture.create();
        NodeFixture.await(() -> fixture.driver.open.containsKey(kernel));
        fixture.destroy(kernel);
        assertEquals(
                ExitReason.USER_REQUESTED,
                fixture.sink.awaitEnded(kernel).exit().reason());
        assertNothingLeft(kernel);
    }

    @Test
    void destroyDuringCreateEndsKernelWhenCreateReturned() throws AgentException {
        var gate = new CompletableFuture<Void>();
        fixture.runtime.createGate = gate;
        var kernel = fixture.create();
        NodeFixture.await(() -> fixture.driver.open.containsKey(kernel));
        fixture.destroy(kernel);
        assertEquals(
                KernelReport.Phase.ENDING, fixture.report(kernel).orElseThrow().phase());
        gate.complete(null);
        assertEquals(
                ExitReason.USER_REQUESTED,
                fixture.sink.awaitEnded(kernel).exit().reason());
        assertNothingLeft(kernel);
    }

    @Test
    void tellsExitOfMainProgram() throws AgentException {
        var kernel = fixture.create();
        fixture.sink.awaitRunning(kernel);
        var exit = new KernelExit(ExitReason.OUT_OF_MEMORY, 137, "used 64 MiB");
        fixture.runtime.exit(kernel, exit);
        assertEquals(exit, fixture.sink.awaitEnded(kernel).exit());
        assertNothingLeft(kernel);
    }

    @Test
    void keepsDevicesUntilContainerIsGone() throws AgentException {
        var kernel = new KernelId(UUID.randomUUID());
        fixture.agent().create(NodeFixture.request(kernel, FakeRuntime.PYTHON, 4));
        fixture.sink.awaitRunning(kernel);
        fixture.runtime.stopFailure = "a program is in uninterruptible sleep";
        fixture.destroy(kernel);
        assertEquals(
                KernelReport.Phase.ENDING, fixture.report(kernel).orElseThrow().phase());
        assertThrows(AgentException.class, fixture::create);
        fixture.runtime.stopFailure = null;
        fixture.sink.awaitEnded(kernel);
        fixture.sink.awaitRunning(fixture.create());
    }

    @Test
    void deliversInOrderWhenManagerComesBack() throws AgentException, IOException {
        fixture.sink.away(true);
        var kernel = fixture.create();
        NodeFixture.await(
                () -> fixture.runtime.containers.containsKey(kernel) && fixture.driver.open.containsKey(kernel));
        fixture.runtime.exit(kernel, new KernelExit(ExitReason.SELF_TERMINATED, 0, ""));
        NodeFixture.await(() -> !fixture.runtime.containers.containsKey(kernel));
        fixture.sink.away(false);
        fixture.sink.awaitEnded(kernel);
        assertInstanceOf(
                AgentEvent.KernelEnded.class, fixture.sink.events(kernel).getLast());
    }

    @Test
    void refusesImagesThatAreNotThere() {
        var image = new ImageRef("local", "other", "3", "x86_64");
        var request = new PrepareKernel(new KernelId(UUID.randomUUID()), image, Duration.ofSeconds(1));
        assertEquals(
                Reason.FAILED,
                assertThrows(AgentException.class, () -> fixture.agent().prepare(request))
                        .reason());
    }

    @Test
    void refusesKernelsWhenRuntimeCannotRun() {
        fixture.runtime.canRun = false;
        var failure = assertThrows(AgentException.class, fixture::create);
        assertTrue(String.valueOf(failure.getMessage()).contains("no isolation tools"), failure.getMessage());
    }

    @Test
    void keepsLastInventoryMarkedStale() throws TimeoutException {
        fixture.cpu.failure = "driver hangs";
        var report = fixture.sink.awaitReport(
                told -> told.computePlugins().getOrDefault("cpu", "").contains("stale"));
        assertEquals(
                4,
                report.devices().stream()
                        .filter(device -> device.slot().value().equals("cpu"))
                        .count());
        fixture.cpu.failure = null;
        fixture.sink.awaitReport(told -> told.computePlugins().get("cpu").equals("1.0.0"));
    }

    @Test
    void reportsPluginsThatComeLater() {
        fixture.accelerators.with("tpu", new FakeAccelerator(new io.slipway.model.slot.SlotName("tpu.device"), 2, 1));
        var report = fixture.sink.awaitReport(told -> told.computePlugins().containsKey("tpu"));
        assertTrue(report.slotTypes().keySet().stream()
                .anyMatch(slot -> slot.value().equals("tpu.device")));
        assertEquals(List.of("local/busybox:1", "local/python:3", "local/scratch:1"), report.installedImages());
    }

    @Test
    void stopsWithinItsPatienceWhileKernelsStart() throws Exception {
        fixture.driver.answersAtOnce = false;
        var kernel = fixture.create();
        NodeFixture.await(() -> {
            var container = fixture.runtime.containers.get(kernel);
            return container != null && container.started;
        });
        var stopped = CompletableFuture.runAsync(fixture.node::stop);
        stopped.get(5, TimeUnit.SECONDS);
        assertTrue(fixture.runtime.containers.containsKey(kernel), "a stop of the agent ends no kernel");
        assertTrue(fixture.sink.events(kernel).isEmpty());
    }
}
