package io.slipway.agent.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.agent.api.ConsoleRecord;
import io.slipway.agent.api.ConsoleRecord.Kind;
import io.slipway.agent.api.ExecuteReply.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With every shell that this machine has. */
@Timeout(120)
@ParameterizedClass
@MethodSource("shells")
class ShellDriverTest {

    private static final Duration SHORT = Duration.ofMillis(50);

    private final String shell;
    private TestKernel kernel;

    ShellDriverTest(String shell) {
        this.shell = shell;
    }

    static Stream<String> shells() {
        return Stream.of("/bin/dash", "/usr/bin/busybox sh", "/bin/bash --posix")
                .filter(shell -> Files.isExecutable(Path.of(shell.split(" ", 2)[0])));
    }

    @BeforeEach
    void start() throws Exception {
        kernel = TestKernel.shell(shell);
    }

    @AfterEach
    void stop() {
        kernel.close();
    }

    /** Shell code that goes on when the test says so, however slow the machine is. */
    private String waitFor(String sign) {
        return "until [ -e '" + kernel.root.resolve(sign) + "' ]; do sleep 0.01; done";
    }

    private void touch(String sign) throws IOException {
        Files.createFile(kernel.root.resolve(sign));
    }

    @Test
    void keepsVariablesAndFolderAndTellsTheStatus() throws Exception {
        assertEquals(0, kernel.run("x='a b'; cd /usr; f() { return 7; }").exitCode());
        var outcome = kernel.run("echo \"$x\" $(pwd)\necho 'it''s' >&2\nfalse");
        assertEquals("a b /usr\n", outcome.stdout());
        assertEquals("its\n", outcome.stderr());
        assertEquals(1, outcome.exitCode());
        assertEquals(7, kernel.run("f").exitCode());
        assertEquals(127, kernel.run("no-such-command").exitCode());
    }

    @Test
    void survivesSyntaxErrors() throws Exception {
        var outcome = kernel.run("if true; then");
        assertTrue(outcome.exitCode() > 0);
        assertTrue(outcome.stderr().contains("yntax error"), outcome.stderr());
        assertEquals("on\n", kernel.run("echo on").stdout());
    }

    @Test
    void streamsOutput() throws Exception {
        var first = kernel.query(
                "r", "printf 'é one'; " + waitFor("go") + "; echo ' two'; printf '\\303'; echo done", SHORT);
        var seen = kernel.until("r", first, outcome -> outcome.stdout().equals("é one"));
        touch("go");
        assertEquals(Status.CONTINUED, seen.status());
        assertEquals(
                " two\n\uFFFDdone\n",
                kernel.finish("r", kernel.resume("r", TestKernel.LONG)).stdout());
    }

    @Test
    void interruptsTheShellAndItsCommands() throws Exception {
        kernel.run("kept=1");
        for (var code : List.of("while :; do :; done", "sleep 60", "sh -c 'sleep 60' | cat", "read line")) {
            var run = kernel.newRun();
            var begun = kernel.query(run, "echo begun\n" + code + "\necho not here", SHORT);
            kernel.until(run, begun, outcome -> !outcome.stdout().isEmpty());
            var end = kernel.interrupt(run);
            assertEquals(130, end.exitCode(), code);
            assertEquals("", end.stdout(), code);
        }
        assertEquals("1\n", kernel.run("echo $kept").stdout());
    }

    @Test
    void asksForInput() throws Exception {
        var asked = kernel.query(
                "r",
                "read -p 'name? ' -r name; read -s word; printf '%s %s\\n' \"$name\" \"$word\"; cat",
                TestKernel.LONG);
        assertEquals(Status.WAITING_INPUT, asked.status());
        var secret = kernel.input("r", "Zoë \\n");
        assertEquals(Status.WAITING_INPUT, secret.status());
        assertTrue(secret.isPassword());
        assertEquals("Zoë \\n pw\n", kernel.finish("r", kernel.input("r", "pw")).stdout());
    }

    @Test
    void startsAnotherShellAfterTheEndOfOne() throws Exception {
        var outcome = kernel.run("echo bye; exit 3");
        assertEquals(3, outcome.exitCode());
        assertEquals("bye\n", outcome.stdout());
        assertTrue(outcome.stderr().contains("variables are lost"));
        assertEquals("[]\n", kernel.run("echo [$x]").stdout());
        assertEquals(137, kernel.run("kill -9 $$").exitCode());
    }

    @Test
    void boundsRunawayOutput() throws Exception {
        var reply = kernel.query("r", "head -c 100000000 /dev/zero | tr '\\0' 'x'; echo; echo end", SHORT);
        var size = 0L;
        while (true) {
            size += reply.console().stream()
                    .map(ConsoleRecord::text)
                    .mapToLong(String::length)
                    .sum();
            if (reply.status() == Status.FINISHED) {
                break;
            }
            reply = kernel.resume("r", TestKernel.LONG);
        }
        assertEquals(100_000_005, size);
    }

    @Test
    void goesOnAfterARestartOfTheAgent() throws Exception {
        kernel.run("kept=1");
        kernel.query(
                "r", "for i in 1 2 3 4 5 6; do echo $i; done; " + waitFor("go") + "; echo 7; echo 8; (exit 5)", SHORT);
        kernel.restartAgent();
        kernel.agent.awaitReady(kernel.id, TestKernel.LONG);
        touch("go");
        var end = kernel.finish("r", kernel.resume("r", TestKernel.LONG));
        assertEquals(5, end.exitCode());
        assertTrue(end.stdout().endsWith("7\n8\n"), end.stdout());
        assertEquals("1\n", kernel.run("echo $kept").stdout());
    }

    @Test
    void interruptsARunOfAFormerAgent() throws Exception {
        kernel.query("r", "sleep 60", SHORT);
        kernel.restartAgent();
        kernel.agent.awaitReady(kernel.id, TestKernel.LONG);
        assertEquals(130, kernel.interrupt("r").exitCode());
    }

    @Test
    void keepsAnEndThatNobodyFetched() throws Exception {
        var run = kernel.query("r", "echo end; (exit 4)", Duration.ofMillis(1));
        kernel.restartAgent();
        kernel.agent.awaitReady(kernel.id, TestKernel.LONG);
        if (run.status() != Status.FINISHED) {
            assertEquals(
                    4, kernel.finish("r", kernel.resume("r", TestKernel.LONG)).exitCode());
        }
        assertEquals("next\n", kernel.run("echo next").stdout());
    }

    @Test
    void queuesRuns() throws Exception {
        kernel.query("a", waitFor("go") + "; echo a", SHORT);
        kernel.query("b", "echo b", SHORT);
        touch("go");
        assertEquals(
                "a\n", kernel.finish("a", kernel.resume("a", TestKernel.LONG)).stdout());
        assertEquals(
                "b\n", kernel.finish("b", kernel.resume("b", TestKernel.LONG)).stdout());
        var all = IntStream.range(0, 200).mapToObj(i -> "echo " + i).collect(Collectors.joining("\n"));
        var outcome = kernel.run(all);
        assertEquals(200, outcome.stdout().lines().count());
        assertEquals(Kind.STDOUT, outcome.last().console().getLast().kind());
    }

    @ParameterizedTest
    @ValueSource(strings = {"begun $__slipway_run", "interrupted -", "unknown $__slipway_run"})
    void interruptsAShellThatFloodsTheAgentWithNotices(String notice) throws Exception {
        var code = "i=0; while [ $i -lt 20000 ]; do echo \"" + notice
                + " 0 0\" >&9; i=$((i+1)); done; echo flooded; while :; do sleep 0.01; done";
        var reply = kernel.query("flood", code, SHORT);
        kernel.until("flood", reply, outcome -> outcome.stdout().contains("flooded"));
        TimeUnit.MILLISECONDS.sleep(300); // answers that come late would come by now
        assertTrue(kernel.interrupt("flood").exitCode() > 0);
        assertEquals("on\n", kernel.run("echo on").stdout());
    }
}
