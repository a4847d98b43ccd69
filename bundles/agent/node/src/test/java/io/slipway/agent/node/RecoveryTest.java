package io.slipway.agent.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.agent.api.AgentEvent;
import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.AgentException.Reason;
import io.slipway.agent.api.KernelReport;
import io.slipway.agent.api.RestartKernel;
import io.slipway.agent.spi.DriverKind;
import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryTest {

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
    }

    private KernelId running() throws AgentException {
        var kernel = fixture.create();
        fixture.sink.awaitRunning(kernel);
        return kernel;
    }

    @Test
    void findsRunningKernelsWithTheirDevices() throws Exception {
        var kernel = running();
        var before = fixture.report(kernel).orElseThrow();
        fixture.kill().start();
        assertEquals(before, fixture.report(kernel).orElseThrow());
        NodeFixture.await(() -> fixture.driver.open.get(kernel) == DriverKind.PYTHON);
        var four = NodeFixture.request(new KernelId(UUID.randomUUID()), FakeRuntime.PYTHON, 4);
        assertEquals(
                Reason.NO_CAPACITY,
                assertThrows(AgentException.class, () -> fixture.agent().create(four))
                        .reason());
        fixture.destroy(kernel);
        fixture.sink.awaitEnded(kernel);
        fixture.agent().create(four);
        fixture.sink.awaitRunning(four.kernel());
    }

    @Test
    void watchesRecoveredKernels() throws Exception {
        var kernel = running();
        fixture.kill().start();
        fixture.runtime.exit(kernel, new KernelExit(ExitReason.SIGNAL, 139, "signal 11"));
        assertEquals(ExitReason.SIGNAL, fixture.sink.awaitEnded(kernel).exit().reason());
    }

    @Test
    void findsKernelsByLabelsWhenNotesAreLost() throws Exception {
        var kernel = running();
        var before = fixture.report(kernel).orElseThrow();
        fixture.kill();
        Files.delete(fixture.folders.kernelNotes().resolve(kernel + ".json"));
        fixture.start();
        var after = fixture.report(kernel).orElseThrow();
        assertEquals(before.session(), after.session());
        assertEquals(before.allocations(), after.allocations());
        assertEquals(KernelReport.Phase.RUNNING, after.phase());
    }

    @Test
    void goesOnWhenNoteCannotBeRead() throws Exception {
        var kernel = running();
        var other = running();
        fixture.kill();
        Files.writeString(fixture.folders.kernelNotes().resolve(kernel + ".json"), "{\"kernel\":");
        fixture.start();
        assertEquals(
                KernelReport.Phase.RUNNING, fixture.report(kernel).orElseThrow().phase());
        assertEquals(
                KernelReport.Phase.RUNNING, fixture.report(other).orElseThrow().phase());
    }

    @Test
    void tellsWhatExitedWhileAway() throws Exception {
        var kernel = running();
        fixture.kill();
        fixture.runtime.exit(kernel, new KernelExit(ExitReason.SELF_TERMINATED, 7, ""));
        fixture.runtime.log = "last words";
        fixture.start();
        var ended = fixture.sink.awaitEnded(kernel);
        assertEquals(7, ended.exit().exitCode());
        assertEquals("last words", ended.logs());
        assertFalse(fixture.runtime.containers.containsKey(kernel));
    }

    @Test
    void tellsEndThatManagerDidNotHearBefore() throws Exception {
        fixture.runtime.log = "last words";
        var kernel = running();
        fixture.sink.away(true);
        fixture.runtime.exit(kernel, new KernelExit(ExitReason.OUT_OF_MEMORY, 137, "used 64 MiB"));
        NodeFixture.await(() -> !fixture.runtime.containers.containsKey(kernel));
        fixture.kill();
        fixture.sink.away(false);
        fixture.start();
        var ended = fixture.sink.awaitEnded(kernel);
        assertEquals(new KernelExit(ExitReason.OUT_OF_MEMORY, 137, "used 64 MiB"), ended.exit());
        assertEquals("last words", ended.logs());
    }

    @Test
    void resumesStartThatWaitedForDriver() throws Exception {
        fixture.driver.answersAtOnce = false;
        var kernel = fixture.create();
        NodeFixture.await(() -> Optional.ofNullable(fixture.runtime.containers.get(kernel))
                .filter(container -> container.started)
                .isPresent());
        fixture.kill();
        fixture.driver.answersAtOnce = false;
        fixture.start();
        NodeFixture.await(() -> fixture.driver.open.containsKey(kernel));
        assertEquals(
                KernelReport.Phase.STARTING,
                fixture.report(kernel).orElseThrow().phase());
        fixture.driver.answer(kernel);
        fixture.sink.awaitRunning(kernel);
    }

    /** A kernel whose container was made when the agent was killed, but not started. */
    private KernelId cutBeforeStart() throws AgentException {
        fixture.runtime.startFailure = "never returns";
        fixture.runtime.stopFailure = "never returns";
        var kernel = fixture.create();
        NodeFixture.await(() -> fixture.runtime.containers.containsKey(kernel));
        fixture.kill();
        fixture.runtime.startFailure = null;
        fixture.runtime.stopFailure = null;
        return kernel;
    }

    /** A kernel whose container was being made when the agent was killed. */
    private KernelId cutBeforeCreation() throws AgentException {
        fixture.runtime.createGate = new CompletableFuture<>();
        var kernel = fixture.create();
        NodeFixture.await(() -> fixture.driver.open.containsKey(kernel));
        fixture.kill();
        fixture.runtime.createGate = null;
        return kernel;
    }

    private KernelReport.Phase phase(KernelId kernel) {
        try {
            return fixture.report(kernel).orElseThrow().phase();
        } catch (AgentException e) {
            throw new AssertionError(e);
        }
    }

    private void repeatUntilRunning(KernelId kernel) throws AgentException {
        NodeFixture.await(() -> {
            try {
                fixture.agent().create(NodeFixture.request(kernel, FakeRuntime.PYTHON, 1));
            } catch (AgentException e) {
                throw new AssertionError(e);
            }
            return phase(kernel) == KernelReport.Phase.RUNNING;
        });
        fixture.sink.awaitRunning(kernel);
        assertTrue(
                fixture.sink.events(kernel).stream().noneMatch(AgentEvent.KernelEnded.class::isInstance),
                () -> fixture.sink.events(kernel).toString());
    }

    @Test
    void startsAnewWhatWasCreatedButNotStarted() throws Exception {
        var kernel = cutBeforeStart();
        fixture.start();
        NodeFixture.await(() -> fixture.runtime.containers.isEmpty());
        repeatUntilRunning(kernel);
        assertEquals(2, fixture.runtime.creations.get());
    }

    @Test
    void startsAnewWhoseContainerWasNotMade() throws Exception {
        var kernel = cutBeforeCreation();
        fixture.start();
        repeatUntilRunning(kernel);
        assertEquals(1, fixture.runtime.creations.get());
    }

    @Test
    void keepsTheDevicesOfAStartThatWasBrokenOff() throws Exception {
        var kernel = cutBeforeCreation();
        fixture.start();
        var four = NodeFixture.request(new KernelId(UUID.randomUUID()), FakeRuntime.PYTHON, 4);
        assertEquals(
                Reason.NO_CAPACITY,
                assertThrows(AgentException.class, () -> fixture.agent().create(four))
                        .reason());
        var allocations = fixture.report(kernel).orElseThrow().allocations();
        repeatUntilRunning(kernel);
        assertEquals(allocations, fixture.report(kernel).orElseThrow().allocations());
    }

    @Test
    void endsAStartThatWasBrokenOffWhenAskedTo() throws Exception {
        var kernel = cutBeforeStart();
        fixture.start();
        fixture.destroy(kernel);
        assertEquals(
                ExitReason.USER_REQUESTED,
                fixture.sink.awaitEnded(kernel).exit().reason());
        assertTrue(fixture.runtime.containers.isEmpty());
        NodeFixture.await(() -> !Files.exists(fixture.folders.kernelHomes().resolve(kernel.toString())));
        var four = NodeFixture.request(new KernelId(UUID.randomUUID()), FakeRuntime.PYTHON, 4);
        fixture.agent().create(four);
        fixture.sink.awaitRunning(four.kernel());
    }

    @Test
    void restartsAnewWhatWasCutWhileItWasRestarted() throws Exception {
        var kernel = running();
        var home = fixture.runtime.containers.get(kernel).spec.homeFolder();
        Files.writeString(home.resolve("kept"), "here");
        fixture.runtime.createGate = new CompletableFuture<>();
        var request = new RestartKernel(NodeFixture.request(kernel, FakeRuntime.PYTHON, 1), 1, Duration.ZERO);
        fixture.agent().restart(request);
        NodeFixture.await(() -> !fixture.runtime.containers.containsKey(kernel));
        fixture.kill();
        fixture.runtime.createGate = null;
        fixture.start();
        NodeFixture.await(() -> {
            try {
                fixture.agent().restart(request);
            } catch (AgentException e) {
                assertEquals(Reason.FAILED, e.reason());
            }
            return phase(kernel) == KernelReport.Phase.RUNNING;
        });
        assertEquals("here", Files.readString(home.resolve("kept")));
        assertTrue(
                fixture.sink.events(kernel).stream().noneMatch(AgentEvent.KernelEnded.class::isInstance),
                () -> fixture.sink.events(kernel).toString());
    }

    @Test
    void tellsContainerThatVanished() throws Exception {
        var kernel = running();
        fixture.kill();
        fixture.runtime.containers.clear();
        fixture.start();
        assertEquals(
                ExitReason.CONTAINER_NOT_FOUND,
                fixture.sink.awaitEnded(kernel).exit().reason());
    }

    @Test
    void claimsNothingWhileRuntimeDoesNotAnswer() throws Exception {
        var kernel = running();
        fixture.kill();
        fixture.runtime.listFailure = "engine is down";
        fixture.node.start();
        fixture.node.sink(fixture.sink);
        assertEquals(
                Reason.UNREACHABLE,
                assertThrows(AgentException.class, () -> fixture.agent().kernels())
                        .reason());
        assertEquals(
                Reason.UNREACHABLE,
                assertThrows(AgentException.class, () -> fixture.destroy(kernel))
                        .reason());
        assertEquals(
                Reason.UNREACHABLE,
                assertThrows(AgentException.class, () -> fixture.destroy(new KernelId(UUID.randomUUID())))
                        .reason());
        fixture.runtime.listFailure = null;
        NodeFixture.await(() -> {
            try {
                return fixture.report(kernel).isPresent();
            } catch (AgentException e) {
                return false;
            }
        });
        assertTrue(fixture.runtime.containers.containsKey(kernel));
    }

    @Test
    void neverEndsRunningKernelBecauseItsDriverCannotBeOpened() throws Exception {
        var kernel = running();
        fixture.kill();
        fixture.driver.failingOpens.set(1);
        fixture.start();
        NodeFixture.await(() -> fixture.driver.open.containsKey(kernel));
        assertEquals(
                KernelReport.Phase.RUNNING, fixture.report(kernel).orElseThrow().phase());
    }

    @Test
    void reapsHomesThatNobodyOwnsButNoOthers() throws Exception {
        var kernel = running();
        var leaked = fixture.folders.kernelHomes().resolve(UUID.randomUUID().toString());
        var foreign = Files.createDirectory(fixture.folders.kernelHomes().resolve("not-ours"));
        Files.createDirectories(leaked.resolve("a/b"));
        NodeFixture.await(() -> !Files.exists(leaked));
        assertTrue(Files.exists(foreign));
        assertTrue(Files.exists(fixture.folders.kernelHomes().resolve(kernel.toString())));
    }

    @Test
    void takesOverContainersThatAppear() throws Exception {
        var kernel = running();
        var container = fixture.runtime.containers.get(kernel);
        fixture.destroy(kernel);
        fixture.sink.awaitEnded(kernel);
        var stranger = new KernelId(UUID.randomUUID());
        var copy = new FakeRuntime.Container(container.spec);
        copy.started = true;
        fixture.runtime.containers.put(stranger, copy);
        NodeFixture.await(() -> {
            try {
                return fixture.report(stranger).isPresent();
            } catch (AgentException e) {
                return false;
            }
        });
        fixture.destroy(stranger);
        fixture.sink.awaitEnded(stranger);
        assertFalse(fixture.runtime.containers.containsKey(stranger));
    }
}
