package io.slipway.runtime.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.spi.KernelRuntime;
import io.slipway.runtime.spi.KernelSpec;
import io.slipway.runtime.spi.OwnedKernel.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Kernels go on, whoever around them is killed. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SurvivalTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    /** Of a mask of signals: the bit of signal 2. */
    private static final long SIGINT = 2;

    private ProcessFixture fixture;
    private KernelRuntime runtime;

    @BeforeEach
    void open() throws IOException {
        fixture = new ProcessFixture();
        runtime = fixture.open();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private State state(KernelId kernel) throws Exception {
        return runtime.list().stream()
                .filter(owned -> owned.kernel().equals(kernel))
                .findFirst()
                .orElseThrow()
                .state();
    }

    private KernelSpec started(String script) throws Exception {
        var spec = fixture.spec(new KernelId(UUID.randomUUID()), List.of("/bin/sh", "-c", script));
        runtime.create(spec, LIMIT);
        runtime.start(spec.kernel(), LIMIT);
        return spec;
    }

    private KernelFolder folder(KernelId kernel) {
        return new KernelFolder(fixture.settings().kernels().resolve(kernel.toString()));
    }

    @Test
    void aKernelSurvivesTheKillOfItsServersWholeSession() throws Exception {
        var server = new ProcessBuilder(
                        "setsid",
                        "/bin/sh",
                        "-c",
                        "trap '' INT; exec \"$@\"", // as a shell starts what it puts into the background
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        OtherServer.class.getName(),
                        fixture.folder().toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var ids = server.inputReader().readLine().split(" ", -1);
        var started = KernelId.parse(ids[0]);
        var created = KernelId.parse(ids[1]);
        // every process of the server's session and of its process group, as a terminal or a service manager would
        new ProcessBuilder("/bin/sh", "-c", "kill -KILL -" + server.pid())
                .start()
                .waitFor();
        assertTrue(server.waitFor(10, TimeUnit.SECONDS));

        assertEquals(State.RUNNING, state(started));
        assertEquals(State.CREATED, state(created));
        var before = size(started);
        await(() -> size(started) > before);
        assertFalse(
                ignoresInterrupts(Files.readString(folder(started).file("log"))), "no command could be interrupted");
        Files.createFile(fixture.folder().resolve("homes").resolve(ids[0]).resolve("go"));
        assertEquals(42, runtime.awaitExit(started, LIMIT).orElseThrow().exitCode());
        runtime.start(created, LIMIT);
        assertEquals(7, runtime.awaitExit(created, LIMIT).orElseThrow().exitCode());
        runtime.remove(started);
        runtime.remove(created);
        assertEquals(List.of(), fixture.leftovers());
    }

    /** Reads the line that {@link OtherServer#SCRIPT} begins with. */
    private static boolean ignoresInterrupts(String log) {
        var mask = log.lines().findFirst().orElseThrow().replace("SigIgn:", "").strip();
        return (Long.parseUnsignedLong(mask, 16) & SIGINT) != 0;
    }

    private long size(KernelId kernel) throws IOException {
        return Files.size(folder(kernel).file("log"));
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        var deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.holds()) {
            assertTrue(System.nanoTime() < deadline, "not so after " + LIMIT);
            Thread.sleep(5);
        }
    }

    @Test
    void aKernelSurvivesItsSupervisor() throws Exception {
        var spec = started("exec sleep 1000");
        var supervisor = folder(spec.kernel()).supervisor().orElseThrow();
        // the script's helpers as well, but not the sandbox
        var init = folder(spec.kernel()).init().orElseThrow();
        var helpers = supervisor.handle().orElseThrow().descendants().toList();

        supervisor.handle().orElseThrow().destroyForcibly();
        await(() -> !supervisor.isAlive());

        assertEquals(State.RUNNING, state(spec.kernel()));
        assertEquals(Optional.empty(), runtime.awaitExit(spec.kernel(), Duration.ofMillis(50)));
        assertTrue(init.isAlive() && !helpers.isEmpty());
        runtime.stop(spec.kernel(), Duration.ofSeconds(5));
        assertEquals(
                ExitReason.USER_REQUESTED,
                runtime.awaitExit(spec.kernel(), LIMIT).orElseThrow().reason());
        runtime.remove(spec.kernel());
        assertEquals(List.of(), fixture.leftovers());
    }

    @Test
    void theEndOfAKernelWithoutSupervisorIsNoticed() throws Exception {
        var spec = started("exec sleep 1000");
        var folder = folder(spec.kernel());
        var all = folder.supervisor().orElseThrow().handle().orElseThrow();
        var helpers =
                all.descendants().filter(process -> isShell(process.pid())).toList();
        all.destroyForcibly();
        helpers.forEach(ProcessHandle::destroyForcibly);
        folder.init().orElseThrow().destroyForcibly();

        var exit = runtime.awaitExit(spec.kernel(), LIMIT).orElseThrow();

        assertEquals(ExitReason.SIGNAL, exit.reason());
        assertNull(exit.exitCode());
        assertTrue(exit.detail().contains("supervisor"), exit.detail());
    }

    private static boolean isShell(long pid) {
        return ProcFiles.programName(pid).filter("sh"::equals).isPresent();
    }

    @Test
    void aProcessThatGotTheNumberOfADeadSupervisorIsNeverTouched() throws Exception {
        var spec = started("exit 0");
        assertTrue(runtime.awaitExit(spec.kernel(), LIMIT).isPresent());
        var stranger = new ProcessBuilder("/bin/sleep", "1000").start();
        try {
            // the record of a supervisor that had this number before, and no exit file: the worst case
            var folder = folder(spec.kernel());
            var boot = ProcFiles.bootId();
            Files.writeString(
                    folder.file("supervisor"),
                    stranger.pid() + " 1 " + boot + "\n",
                    StandardOpenOption.TRUNCATE_EXISTING);
            Files.writeString(
                    folder.file("status"),
                    "{ \"child-pid\": " + stranger.pid() + ", \"pid-namespace\": 1 }\n",
                    StandardOpenOption.TRUNCATE_EXISTING);
            Files.delete(fixture.settings()
                    .kernels()
                    .resolve(".exits")
                    .resolve(spec.kernel().toString()));

            assertEquals(State.EXITED, state(spec.kernel()));
            runtime.stop(spec.kernel(), Duration.ZERO);
            runtime.remove(spec.kernel());

            assertTrue(stranger.isAlive());
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void kernelsOfAnEarlierRunOfTheMachineHaveEnded() throws Exception {
        var spec = fixture.spec(new KernelId(UUID.randomUUID()), List.of("/bin/true"));
        runtime.create(spec, LIMIT);
        Files.writeString(folder(spec.kernel()).file("supervisor"), "1 1 11111111-2222-3333-4444-555555555555\n");

        assertEquals(State.EXITED, state(spec.kernel()));
        var exit = runtime.awaitExit(spec.kernel(), LIMIT).orElseThrow();
        assertTrue(exit.detail().contains("machine"), exit.detail());
        runtime.remove(spec.kernel());
        assertEquals(List.of(), fixture.leftovers());
    }

    /** The first try renames the folder and then waits in vain for a program to be gone; the second must go on. */
    @Test
    void aRemovalThatGotStuckIsFinishedByTheNext() throws Exception {
        var kernels = fixture.settings().kernels();
        var spec = fixture.spec(new KernelId(UUID.randomUUID()), List.of("/bin/true"));
        runtime.create(spec, LIMIT);
        Files.move(kernels.resolve(spec.kernel().toString()), kernels.resolve(".removed-" + spec.kernel()));
        runtime.remove(spec.kernel());
        assertEquals(List.of(), fixture.leftovers());

        runtime.create(spec, LIMIT);
        Files.move(kernels.resolve(spec.kernel().toString()), kernels.resolve(".removed-" + spec.kernel()));
        runtime.create(spec, LIMIT);
        assertEquals(State.CREATED, state(spec.kernel()));
        runtime.remove(spec.kernel());
        assertEquals(List.of(), fixture.leftovers());
    }

    @Test
    void aServerKilledWhileItMadeOrRemovedAKernelLeavesNothing() throws Exception {
        var spec = fixture.spec(new KernelId(UUID.randomUUID()), List.of("/bin/true"));
        runtime.create(spec, LIMIT);
        var kernels = fixture.settings().kernels();
        Files.move(kernels.resolve(spec.kernel().toString()), kernels.resolve(".removed-" + spec.kernel()));

        runtime = fixture.open();

        assertEquals(List.of(), runtime.list());
        assertEquals(List.of(), fixture.leftovers());
        runtime.create(spec, LIMIT);
        Files.move(kernels.resolve(spec.kernel().toString()), kernels.resolve(".new-" + spec.kernel()));
        runtime.create(spec, LIMIT);
        assertEquals(State.CREATED, state(spec.kernel()));
        runtime.remove(spec.kernel());
        assertEquals(List.of(), fixture.leftovers());
    }
}
