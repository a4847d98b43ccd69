package io.slipway.agent.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.ConsoleRecord;
import io.slipway.agent.api.ExecuteCall;
import io.slipway.agent.api.ExecuteCall.Mode;
import io.slipway.agent.api.ExecuteReply.Status;
import io.slipway.agent.spi.DriverKind;
import io.slipway.model.kernel.KernelId;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An agent in a JVM of its own is killed while it hands on output; the next one goes on where it stopped. */
@Timeout(60)
class KilledAgentTest {

    private static final int LINES = 20_000;
    private static final String COUNT =
            "import time\nfor i in range(%d):\n    print(i)\n    if i %% 200 == 0: time.sleep(0.06)".formatted(LINES);

    @Test
    void losesNothingThatNoCallerHad() throws Exception {
        try (var kernel = TestKernel.python()) {
            kernel.run("kept = 41");
            kernel.agent.stop();
            var console = new StringBuilder();
            for (var life = 0; life < 2; life++) {
                console.append(liveAndDie(kernel));
            }
            kernel.restartAgent();
            kernel.agent.awaitReady(kernel.id, TestKernel.LONG);
            var end = kernel.finish("r", kernel.resume("r", TestKernel.LONG));
            console.append(end.stdout());
            assertEquals(0, end.exitCode());
            var expected = IntStream.range(0, LINES).mapToObj(i -> i + "\n").collect(Collectors.joining());
            assertTrue(expected.contentEquals(console), "output has gaps or doubles");
            assertEquals("42\n", kernel.run("kept + 1").stdout());
        }
    }

    /** Returns what the agent handed on before it was killed in the middle of a call. */
    private static String liveAndDie(TestKernel kernel) throws IOException, InterruptedException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var agent = new ProcessBuilder(
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Xmx64m",
                        KilledAgentTest.class.getName(),
                        kernel.root.resolve("r").toString(),
                        kernel.id.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var handedOn = new StringBuilder();
        try (var replies = agent.inputReader(StandardCharsets.UTF_8)) {
            for (var count = 0; count < 4; count++) {
                var length = Integer.parseInt(replies.readLine());
                for (var left = length; left > 0; left--) {
                    handedOn.append((char) replies.read());
                }
            }
            agent.toHandle().destroyForcibly(); // unlike that of the process, leaves the pipe open
            // replies that were on their way were handed on, too
            for (var line = replies.readLine(); line != null; line = replies.readLine()) {
                for (var left = Integer.parseInt(line); left > 0; left--) {
                    handedOn.append((char) replies.read());
                }
            }
        }
        agent.waitFor();
        return handedOn.toString();
    }

    /** The agent: starts the run or goes on with it, and writes each reply as its length and its text. */
    public static void main(String[] words) throws IOException, AgentException {
        var agent = new DialBackKernelDriver(
                Path.of(words[0]), new Limits(2, Duration.ofSeconds(30), Duration.ofSeconds(60)), Buffers.ofHeap());
        agent.start();
        var kernel = new KernelId(UUID.fromString(words[1]));
        agent.open(kernel, DriverKind.PYTHON);
        agent.awaitReady(kernel, TestKernel.LONG);
        var mode = Mode.QUERY;
        try (Writer replies =
                new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8)) {
            while (true) {
                var reply = agent.execute(new ExecuteCall(kernel, "r", mode, COUNT, Map.of(), Duration.ofMillis(100)));
                var text = reply.console().stream().map(ConsoleRecord::text).collect(Collectors.joining());
                replies.write(text.length() + "\n" + text);
                replies.flush();
                if (reply.status() == Status.FINISHED) {
                    return;
                }
                mode = Mode.CONTINUE;
            }
        }
    }
}
