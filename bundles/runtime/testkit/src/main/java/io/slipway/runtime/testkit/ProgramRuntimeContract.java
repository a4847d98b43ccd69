package io.slipway.runtime.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.spi.KernelLogs;
import io.slipway.runtime.spi.KernelRuntimeException;
import io.slipway.runtime.spi.KernelSpec;
import io.slipway.runtime.spi.KernelStats;
import io.slipway.runtime.spi.OwnedKernel.State;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a runtime promises besides when its kernels run real programs. Its image needs {@code /bin/sh}. */
public abstract class ProgramRuntimeContract extends KernelRuntimeContract {

    private static final Duration PAUSE = Duration.ofMillis(5);

    @TempDir
    private Path folder;

    /** For subclasses. */
    protected ProgramRuntimeContract() {}

    /** Returns the command of a shell script. */
    protected static List<String> shell(String script) {
        return List.of("/bin/sh", "-c", script);
    }

    /** Something that becomes true sooner or later. */
    @FunctionalInterface
    protected interface Condition {
        /**
         * Returns whether it is so now.
         *
         * @throws Exception if that cannot be found out; the test fails
         */
        boolean holds() throws Exception;
    }

    /**
     * Waits until something is so, at most {@link #LIMIT}.
     *
     * @param what in words, for the failure
     * @throws Exception if it cannot be found out
     */
    protected static void await(String what, Condition condition) throws Exception {
        var deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.holds()) {
            assertTrue(System.nanoTime() < deadline, "not so after " + LIMIT + ": " + what);
            Thread.sleep(PAUSE);
        }
    }

    /**
     * Returns what a kernel's programs wrote into a file of their home, once they wrote it whole.
     *
     * @throws Exception if it does not come
     */
    protected static String fileOf(KernelSpec spec, String name) throws Exception {
        var file = spec.homeFolder().resolve(name);
        await(
                file + " is there",
                () -> Files.exists(file) && Files.readString(file).endsWith("\n"));
        return Files.readString(file).strip();
    }

    private KernelSpec run(KernelSpec spec) throws Exception {
        runtime().create(spec, LIMIT);
        runtime().start(spec.kernel(), LIMIT);
        return spec;
    }

    private KernelSpec run(String script) throws Exception {
        return run(fixture().spec(newId(), shell(script)));
    }

    private KernelId ready(String script) throws Exception {
        var spec = run(script);
        fileOf(spec, "ready");
        return spec.kernel();
    }

    @Test
    void kernelsCarryADriver() {
        assertTrue(runtime().traits().carriesDriver());
    }

    @Test
    void tellsTheExitStatusOfTheMainProgram() throws Exception {
        for (var status : List.of(0, 1, 3, 127, 255)) {
            var exit = exitOf(run("exit " + status).kernel());

            assertEquals(ExitReason.SELF_TERMINATED, exit.reason());
            assertEquals(status, exit.exitCode());
        }
    }

    @Test
    void tellsTheSignalThatEndedTheMainProgram() throws Exception {
        var exit = exitOf(run("kill -9 $$").kernel());

        assertEquals(ExitReason.SIGNAL, exit.reason());
        assertEquals(137, exit.exitCode());
    }

    @Test
    void tellsAfterARestartWhatHappenedMeanwhile() throws Exception {
        var spec = run("until [ -f go ]; do sleep 0.01; done; exit 42");

        restart();
        assertEquals(State.RUNNING, state(spec.kernel()));
        Files.createFile(spec.homeFolder().resolve("go"));
        assertEquals(42, exitOf(spec.kernel()).exitCode());

        restart();
        assertEquals(42, exitOf(spec.kernel()).exitCode());
        assertEquals(State.EXITED, state(spec.kernel()));
    }

    @Test
    void asksTheMainProgramToEnd() throws Exception {
        var kernel = ready("trap 'exit 7' TERM; echo >ready; while :; do sleep 0.02; done");
        var begin = System.nanoTime();

        runtime().stop(kernel, LIMIT);

        assertTrue(System.nanoTime() - begin < LIMIT.toNanos() / 2, "waited for the whole grace");
        assertEquals(7, exitOf(kernel).exitCode());
        assertEquals(ExitReason.USER_REQUESTED, exitOf(kernel).reason());
    }

    @Test
    void killsWhatDoesNotEndInItsGrace() throws Exception {
        var kernel = ready("trap '' TERM; echo >ready; while :; do sleep 0.02; done");
        var begin = System.nanoTime();

        runtime().stop(kernel, Duration.ofMillis(300));

        var millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        assertTrue(millis >= 250 && millis < 8_000, "took " + millis + " ms");
        assertEquals(137, exitOf(kernel).exitCode());
    }

    @Test
    void nothingOutlivesTheMainProgram() throws Exception {
        var spec = run("(trap '' TERM HUP; while :; do date +%s%N >>alive; sleep 0.02; done) & echo >ready; exit 5");

        assertEquals(5, exitOf(spec.kernel()).exitCode());

        var alive = spec.homeFolder().resolve("alive");
        var size = Files.exists(alive) ? Files.size(alive) : 0;
        Thread.sleep(100);
        assertEquals(size, Files.exists(alive) ? Files.size(alive) : 0);
        runtime().remove(spec.kernel());
        assertEquals(List.of(), fixture().leftovers());
    }

    @Test
    void aMainProgramThatIsMissingIsAFailedStart() throws Exception {
        var kernel = created(List.of("/no/such/program"));
        try {
            runtime().start(kernel, LIMIT);
            assertEquals(ExitReason.FAILED_TO_START, exitOf(kernel).reason());
        } catch (KernelRuntimeException e) {
            assertTrue(e.toString().contains("/no/such/program"), e.toString());
        }
        runtime().stop(kernel, Duration.ZERO);
        runtime().remove(kernel);
        assertEquals(List.of(), fixture().leftovers());
    }

    @Test
    void programsSeeWhatTheSpecSays() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(folder.resolve("data file"), "from outside\n");
        var base = fixture()
                .spec(
                        newId(),
                        shell("{ echo \"$GREETING\"; hostname; pwd; id -un; echo \"$HOME\"; cat \"/data/data file\"; "
                                + "touch /data/x 2>/dev/null || echo read-only; } >part; mv part out"));
        var environment = new HashMap<>(base.environment());
        environment.put("GREETING", "it's \"quoted\" $HOME\nand `two` lines");
        var spec = run(new KernelSpec(
                base.kernel(),
                base.labels(),
                base.image(),
                base.command(),
                Map.copyOf(environment),
                "main1",
                base.homeFolder(),
                List.of(new KernelSpec.Mount(folder, "/data", true)),
                List.of(),
                base.limits()));

        assertEquals(
                "it's \"quoted\" $HOME\nand `two` lines\nmain1\n/home/work\nwork\n/home/work\nfrom outside\nread-only",
                fileOf(spec, "out"));
    }

    @Test
    void keepsTheEndOfTheOutput() throws Exception {
        if (!(runtime() instanceof KernelLogs logs)) {
            return;
        }
        var kernel = run("echo out; echo last; exec sleep 1000").kernel();
        await("the last line", () -> text(logs.tail(kernel, 1_000)).equals("out\nlast\n"));
        assertEquals("ast\n", text(logs.tail(kernel, 4)));
        restart();
        assertEquals("out\nlast\n", text(((KernelLogs) runtime()).tail(kernel, 1_000)));

        var failing = run("echo err >&2; exec sleep 1000").kernel();
        await(
                "the line of stderr",
                () -> text(((KernelLogs) runtime()).tail(failing, 1_000)).equals("err\n"));
        assertThrows(KernelRuntimeException.class, () -> logs.tail(newId(), 10));
    }

    @Test
    void measuresRunningKernels() throws Exception {
        if (!(runtime() instanceof KernelStats stats)) {
            return;
        }
        var kernel = run("while :; do :; done").kernel();
        await("30 ms of processor time", () -> stats.usage(kernel).cpuMillis() >= 30);

        var usage = stats.usage(kernel);

        assertTrue(usage.memoryBytes() > 0 && usage.memoryPeakBytes() >= usage.memoryBytes(), usage.toString());
        assertTrue(usage.processes() >= 1 && usage.processes() < 20, usage.toString());
        assertTrue(usage.disk().in() >= 0 && usage.disk().out() >= 0, usage.toString());
        assertTrue(usage.network().in() >= 0 && usage.network().out() >= 0, usage.toString());
        assertEquals(usage.memoryPeakBytes() > 0, stats.usage(kernel).memoryPeakBytes() > 0, "measured again");
        assertThrows(KernelRuntimeException.class, () -> stats.usage(newId()));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
