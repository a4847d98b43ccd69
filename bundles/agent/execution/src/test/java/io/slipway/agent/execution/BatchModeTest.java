package io.slipway.agent.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.AgentException.Reason;
import io.slipway.agent.api.ExecuteCall;
import io.slipway.agent.api.ExecuteCall.Mode;
import io.slipway.agent.api.ExecuteReply;
import io.slipway.agent.api.ExecuteReply.Status;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batch mode and tasks, by both drivers. */
@Timeout(60)
class BatchModeTest {

    private static TestKernel kernel(String kind) throws Exception {
        return kind.equals("python") ? TestKernel.python() : TestKernel.shell("/bin/sh");
    }

    private static TestKernel.Outcome batch(TestKernel kernel, Map<String, String> options) throws Exception {
        var run = kernel.newRun();
        var replies = new ArrayList<ExecuteReply>();
        replies.add(kernel.agent.execute(new ExecuteCall(kernel.id, run, Mode.BATCH, "", options, TestKernel.LONG)));
        while (replies.getLast().status() != Status.FINISHED) {
            replies.add(kernel.resume(run, TestKernel.LONG));
        }
        return new TestKernel.Outcome(replies);
    }

    private static List<Object> statuses(TestKernel.Outcome outcome) {
        var result = new ArrayList<Object>();
        for (var reply : outcome.replies()) {
            if (reply.status() != Status.CONTINUED) {
                result.add(reply.status() + " " + reply.exitCode());
            }
        }
        return result;
    }

    @ParameterizedTest
    @ValueSource(strings = {"python", "shell"})
    void tellsEachStepWithItsOutputAndItsStatus(String kind) throws Exception {
        try (var kernel = kernel(kind)) {
            var outcome = batch(
                    kernel,
                    Map.of(
                            "clean", "echo 'it''s clean'; exit 2",
                            "build", "echo built; echo warning >&2",
                            "exec", "echo \"done\"; exit 5"));
            assertEquals(List.of("CLEAN_FINISHED 2", "BUILD_FINISHED 0", "FINISHED 5"), statuses(outcome));
            assertEquals("its clean\nbuilt\ndone\n", outcome.stdout());
            assertEquals("warning\n", outcome.stderr());
            var build = outcome.replies().stream()
                    .filter(reply -> reply.status() == Status.BUILD_FINISHED)
                    .findFirst()
                    .orElseThrow();
            assertTrue(
                    build.console().stream().noneMatch(record -> record.text().contains("done")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"python", "shell"})
    void aFailedBuildEndsTheRun(String kind) throws Exception {
        try (var kernel = kernel(kind)) {
            var outcome = batch(kernel, Map.of("build", "exit 9", "exec", "echo never"));
            assertEquals(List.of("BUILD_FINISHED 9", "FINISHED 127"), statuses(outcome));
            assertEquals("", outcome.stdout());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"python", "shell"})
    void theUsualCommandSaysWhatItMisses(String kind) throws Exception {
        try (var kernel = kernel(kind)) {
            var outcome = batch(kernel, Map.of("clean", "*", "build", "*", "exec", "*"));
            assertEquals(List.of("CLEAN_FINISHED 0", "BUILD_FINISHED 0", "FINISHED 127"), statuses(outcome));
            assertTrue(outcome.stderr().contains("no main.py"), outcome.stderr());
            assertEquals(List.of("FINISHED 0"), statuses(batch(kernel, Map.of())));
        }
    }

    @Test
    void runsAFileByTheNamePythonWhereThereIsPython3Only() throws Exception {
        try (var kernel = TestKernel.python()) {
            Files.writeString(kernel.root.resolve("main.py"), "print('from a file')\nraise SystemExit(3)\n");
            var outcome = batch(kernel, Map.of("exec", "python " + kernel.root.resolve("main.py")));
            assertEquals("from a file\n", outcome.stdout());
            assertEquals(3, outcome.exitCode());
            assertEquals("1\n", kernel.run("print(1)").stdout());
        }
    }

    @Test
    void anInterruptEndsTheCommand() throws Exception {
        try (var kernel = TestKernel.python()) {
            var run = kernel.newRun();
            var options = Map.of("build", "echo up; exec sleep 30", "exec", "echo never");
            var first = kernel.agent.execute(
                    new ExecuteCall(kernel.id, run, Mode.BATCH, "", options, Duration.ofMillis(10)));
            kernel.until(run, first, outcome -> outcome.stdout().equals("up\n"));
            var end = kernel.interrupt(run);
            assertEquals(130, end.exitCode());
            assertEquals("", end.stdout());
        }
    }

    @Test
    void refusesWhatIsNoStep() throws Exception {
        try (var kernel = TestKernel.python()) {
            assertEquals(
                    Reason.INVALID_INPUT,
                    assertThrows(AgentException.class, () -> batch(kernel, Map.of("test", "make test")))
                            .reason());
            assertEquals(
                    Reason.INVALID_INPUT,
                    assertThrows(AgentException.class, () -> batch(kernel, Map.of("exec", "a\0b")))
                            .reason());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"python", "shell"})
    void aTaskRunsOnceAndItsStatusOutlivesTheAgent(String kind) throws Exception {
        try (var kernel = kernel(kind)) {
            var marks = kernel.root.resolve("marks");
            var command =
                    "echo once >>" + marks + "; while [ ! -e " + kernel.root + "/go ]; do sleep 0.05; done; exit 7";
            assertEquals(OptionalInt.empty(), kernel.agent.task(kernel.id, "job", command, Duration.ofMillis(300)));
            assertEquals(
                    "still quick",
                    kernel.run(kind.equals("python") ? "print('still quick')" : "echo still quick")
                            .stdout()
                            .strip());
            kernel.restartAgent();
            Files.createFile(kernel.root.resolve("go"));
            assertEquals(OptionalInt.of(7), kernel.agent.task(kernel.id, "job", command, TestKernel.LONG));
            kernel.restartAgent();
            assertEquals(OptionalInt.of(7), kernel.agent.task(kernel.id, "job", command, TestKernel.LONG));
            assertEquals("once\n", Files.readString(marks));
        }
    }
}
