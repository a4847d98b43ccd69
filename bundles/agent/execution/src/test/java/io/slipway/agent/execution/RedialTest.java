package io.slipway.agent.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.AgentException.Reason;
import io.slipway.agent.api.ExecuteCall;
import io.slipway.agent.api.ExecuteReply.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The agent goes and comes back; the driver and its runs go on. */
@Timeout(40)
class RedialTest {

    private static final Duration SHORT = Duration.ofMillis(50);
    private static final int LINES = 30_000;
    private static final String COUNT =
            "import time\nfor i in range(%d):\n    print(i)\n    if i %% 500 == 0: time.sleep(0.02)".formatted(LINES);

    private TestKernel kernel;

    @BeforeEach
    void start() throws Exception {
        kernel = TestKernel.python();
    }

    @AfterEach
    void stop() {
        kernel.close();
    }

    @Test
    void losesAndDoublesNothingWhenTheAgentRestartsUnderARun() throws Exception {
        kernel.run("kept = 41");
        var replies = new ArrayList<>(List.of(kernel.query("r", COUNT, SHORT)));
        for (var turn = 0; replies.getLast().status() != Status.FINISHED; turn++) {
            if (turn % 4 == 3 && turn < 24) {
                kernel.restartAgent();
                kernel.agent.awaitReady(kernel.id, TestKernel.LONG);
            }
            replies.add(kernel.resume("r", SHORT));
        }
        var expected = IntStream.range(0, LINES).mapToObj(i -> i + "\n").collect(Collectors.joining());
        var outcome = new TestKernel.Outcome(replies);
        assertTrue(expected.equals(outcome.stdout()), "output has gaps or doubles");
        assertEquals(0, outcome.exitCode());
        assertEquals("42\n", kernel.run("kept + 1").stdout());
    }

    @Test
    void tellsCallersThatTheRunGoesOnWhenTheAgentStops() throws Exception {
        kernel.query("r", "import time; time.sleep(0.5); print('done')", SHORT);
        // whether it asks before the end or after, it is this agent that it asks
        var ending = kernel.agent;
        var call = new ExecuteCall(kernel.id, "r", ExecuteCall.Mode.CONTINUE, "", Map.of(), TestKernel.LONG);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return ending.execute(call);
                        } catch (AgentException e) {
                            throw new CompletionException(e);
                        }
                    },
                    threads);
            kernel.restartAgent();
            var failure = assertThrows(CompletionException.class, waiting::join);
            assertEquals(Reason.UNREACHABLE, ((AgentException) failure.getCause()).reason());
        }
        kernel.agent.awaitReady(kernel.id, TestKernel.LONG);
        assertEquals(
                "done\n",
                kernel.finish("r", kernel.resume("r", TestKernel.LONG)).stdout());
    }

    @Test
    void keepsInputRequestsQueuedRunsAndEnds() throws Exception {
        kernel.query("done", "print('done'); 1/0", SHORT);
        var asked = kernel.query("asks", "x = input('? '); print(x)", TestKernel.LONG);
        assertEquals(Status.WAITING_INPUT, asked.status());
        kernel.query("queued", "print('queued')", SHORT);
        kernel.restartAgent();
        kernel.agent.awaitReady(kernel.id, TestKernel.LONG);
        assertEquals(Status.WAITING_INPUT, kernel.resume("asks", SHORT).status());
        assertEquals("yes\n", kernel.finish("asks", kernel.input("asks", "yes")).stdout());
        assertEquals(
                "queued\n",
                kernel.finish("queued", kernel.resume("queued", TestKernel.LONG))
                        .stdout());
    }

    @Test
    void keepsAnEndThatNobodyFetched() throws Exception {
        kernel.query("r", "import time; time.sleep(0.3); print('end'); 1/0", SHORT);
        kernel.restartAgent();
        kernel.agent.awaitReady(kernel.id, TestKernel.LONG);
        kernel.query("next", "1", TestKernel.LONG);
        kernel.restartAgent();
        kernel.agent.awaitReady(kernel.id, TestKernel.LONG);
        var end = kernel.finish("r", kernel.resume("r", TestKernel.LONG));
        assertEquals("end\n", end.stdout());
        assertTrue(end.stderr().contains("ZeroDivisionError"));
        assertEquals(1, end.exitCode());
        assertThrows(AgentException.class, () -> kernel.resume("next", SHORT));
    }
}
