package io.slipway.agent.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.agent.api.AgentEvent;
import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.AgentException.Reason;
import io.slipway.agent.api.CreateKernel;
import io.slipway.agent.api.KernelReport;
import io.slipway.agent.api.KernelTask;
import io.slipway.agent.api.RestartKernel;
import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What kernels run by themselves, and kernels that are started anew. */
class KernelTaskTest {

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

    private static CreateKernel request(String bootstrap, String command, long limit) {
        return NodeFixture.request(
                new KernelId(UUID.randomUUID()), FakeRuntime.PYTHON, 1, new KernelTask(bootstrap, command, limit));
    }

    @Test
    void endsWithItsTask() throws Exception {
        fixture.runtime.log = "from the job";
        var request = request("", "make", 0);
        fixture.agent().create(request);
        fixture.sink.awaitRunning(request.kernel());
        NodeFixture.await(() -> fixture.driver.tasks.contains(request.kernel() + " task make"));
        fixture.driver.statuses.put("task", 3);
        var ended = fixture.sink.awaitEnded(request.kernel());
        assertEquals(new KernelExit(ExitReason.TASK_FAILED, 3, ""), ended.exit());
        assertEquals("from the job", ended.logs());
        assertTrue(fixture.runtime.containers.isEmpty());
    }

    @Test
    void tellsThatItRanEvenIfTheTaskIsQuick() throws Exception {
        fixture.driver.statuses.put("task", 0);
        var request = request("", "true", 0);
        fixture.agent().create(request);
        assertEquals(
                ExitReason.TASK_FINISHED,
                fixture.sink.awaitEnded(request.kernel()).exit().reason());
        assertEquals(
                List.of(AgentEvent.KernelRunning.class, AgentEvent.KernelEnded.class),
                fixture.sink.events(request.kernel()).stream()
                        .<Object>map(AgentEvent::getClass)
                        .toList());
    }

    @Test
    void goesOnWithATaskAfterTheAgentWasKilled() throws Exception {
        var request = request("", "make", 3_600);
        fixture.agent().create(request);
        fixture.sink.awaitRunning(request.kernel());
        fixture.kill();
        fixture.driver.statuses.put("task", 5);
        fixture.start();
        assertEquals(
                new KernelExit(ExitReason.TASK_FAILED, 5, ""),
                fixture.sink.awaitEnded(request.kernel()).exit());
    }

    @Test
    void endsATaskThatTakesTooLong() throws Exception {
        var request = request("", "sleep 100", 1);
        fixture.agent().create(request);
        assertEquals(
                new KernelExit(ExitReason.TASK_TIMEOUT, 124, "it took longer than 1 s"),
                fixture.sink.awaitEnded(request.kernel()).exit());
    }

    @Test
    void runsOnlyAfterItsBootstrapScript() throws Exception {
        var request = request("prepare", "make", 0);
        fixture.agent().create(request);
        NodeFixture.await(() -> fixture.driver.tasks.contains(request.kernel() + " bootstrap prepare"));
        assertEquals(
                KernelReport.Phase.STARTING,
                fixture.report(request.kernel()).orElseThrow().phase());
        fixture.driver.statuses.put("bootstrap", 1);
        fixture.driver.statuses.put("task", 0);
        fixture.sink.awaitRunning(request.kernel());
        fixture.sink.awaitEnded(request.kernel());
    }

    @Test
    void isRestartedWithTheSameDevicesAndHome() throws Exception {
        var kernel = fixture.create();
        var before = fixture.sink.awaitRunning(kernel);
        var first = fixture.runtime.containers.get(kernel);
        Files.writeString(first.spec.homeFolder().resolve("kept"), "here");
        fixture.agent().restart(restart(kernel, 1));
        fixture.sink.awaitCount(kernel, 2);
        var second = fixture.runtime.containers.get(kernel);
        assertTrue(second != first, "another container");
        assertEquals("here", Files.readString(second.spec.homeFolder().resolve("kept")));
        assertEquals(before, fixture.sink.events(kernel).getLast());
        fixture.agent().restart(restart(kernel, 1));
        fixture.sink.awaitCount(kernel, 3);
        assertEquals(second, fixture.runtime.containers.get(kernel), "a repetition changes nothing");
        fixture.runtime.exit(kernel, new KernelExit(ExitReason.SIGNAL, 139, ""));
        assertEquals(139, fixture.sink.awaitEnded(kernel).exit().exitCode());
        NodeFixture.await(() -> !Files.exists(second.spec.homeFolder()));
    }

    @Test
    void aRestartThatFailsEndsTheKernelWithTheReason() throws Exception {
        var kernel = fixture.create();
        fixture.sink.awaitRunning(kernel);
        fixture.runtime.startFailure = "no more namespaces";
        fixture.agent().restart(restart(kernel, 1));
        var exit = fixture.sink.awaitEnded(kernel).exit();
        assertEquals(ExitReason.FAILED_TO_START, exit.reason());
        assertTrue(exit.detail().contains("no more namespaces"), exit.detail());
        assertTrue(fixture.runtime.containers.isEmpty());
        fixture.runtime.startFailure = null;
        var all = NodeFixture.request(new KernelId(UUID.randomUUID()), FakeRuntime.PYTHON, 4);
        fixture.agent().create(all);
        fixture.sink.awaitRunning(all.kernel());
    }

    @Test
    void canBeEndedWhileItIsRestarted() throws Exception {
        var kernel = fixture.create();
        fixture.sink.awaitRunning(kernel);
        var gate = new CompletableFuture<Void>();
        fixture.runtime.createGate = gate;
        fixture.agent().restart(restart(kernel, 1));
        fixture.destroy(kernel);
        gate.complete(null);
        assertEquals(
                ExitReason.USER_REQUESTED,
                fixture.sink.awaitEnded(kernel).exit().reason());
        assertTrue(fixture.runtime.containers.isEmpty());
    }

    @Test
    void refusesToRestartWhatDoesNotRun() throws Exception {
        var unknown = assertThrows(
                AgentException.class, () -> fixture.agent().restart(restart(new KernelId(UUID.randomUUID()), 1)));
        assertEquals(Reason.UNKNOWN_KERNEL, unknown.reason());
        fixture.driver.answersAtOnce = false;
        var kernel = fixture.create();
        NodeFixture.await(() -> fixture.driver.open.containsKey(kernel));
        var starting = assertThrows(AgentException.class, () -> fixture.agent().restart(restart(kernel, 1)));
        assertEquals(Reason.FAILED, starting.reason());
        fixture.driver.answer(kernel);
        fixture.sink.awaitRunning(kernel);
    }

    private static RestartKernel restart(KernelId kernel, long round) {
        return new RestartKernel(NodeFixture.request(kernel, FakeRuntime.PYTHON, 1), round, Duration.ofMillis(100));
    }
}
