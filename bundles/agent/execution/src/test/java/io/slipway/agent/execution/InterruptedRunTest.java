package io.slipway.agent.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slipway.agent.api.ExecuteReply;
import io.slipway.agent.api.ExecuteReply.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One of several runs of a kernel is interrupted. */
@Timeout(60)
class InterruptedRunTest {

    private static final Duration SHORT = Duration.ofMillis(100);

    @Test
    void leavesTheOtherRunsOfAnInterpreterAlone() throws Exception {
        try (var kernel = TestKernel.python()) {
            leavesTheOtherRunsAlone(kernel, "print('begun', flush=True)\nwhile True: pass", "print('%s')");
        }
    }

    @Test
    void leavesTheOtherRunsOfAShellAlone() throws Exception {
        try (var kernel = TestKernel.shell("/bin/sh")) {
            leavesTheOtherRunsAlone(kernel, "echo begun; sleep 600", "echo %s");
        }
    }

    private static void leavesTheOtherRunsAlone(TestKernel kernel, String endless, String say) throws Exception {
        var first = kernel.newRun();
        var begun = kernel.query(first, endless, SHORT);
        kernel.until(first, begun, outcome -> outcome.stdout().contains("begun"));
        var second = kernel.newRun();
        assertEquals(
                Status.CONTINUED,
                kernel.query(second, say.formatted("second"), SHORT).status());
        var third = kernel.newRun();
        assertEquals(
                Status.CONTINUED,
                kernel.query(third, say.formatted("third"), SHORT).status());

        kernel.agent.interrupt(kernel.id, second);
        assertEnded(130, "", kernel, second);
        kernel.agent.interrupt(kernel.id, second);
        kernel.agent.interrupt(kernel.id, "never-there");
        assertEquals(Status.CONTINUED, kernel.resume(first, SHORT).status());
        assertEquals(Status.CONTINUED, kernel.resume(third, SHORT).status());

        interruptToTheEnd(kernel, first);
        assertEnded(0, "third\n", kernel, third);
    }

    /** A shell that is just starting a command may miss an interrupt, as on a terminal. */
    private static void interruptToTheEnd(TestKernel kernel, String run) throws Exception {
        for (var attempt = 0; attempt < 3; attempt++) {
            kernel.agent.interrupt(kernel.id, run);
            var end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
            while (System.nanoTime() < end) {
                if (kernel.resume(run, SHORT).status() == Status.FINISHED) {
                    return;
                }
            }
        }
        throw new AssertionError("not ended by interrupts");
    }

    private static void assertEnded(int exitCode, String stdout, TestKernel kernel, String run) throws Exception {
        ExecuteReply now = kernel.resume(run, TestKernel.LONG);
        var end = kernel.finish(run, now);
        assertEquals(Status.FINISHED, end.status());
        assertEquals(exitCode, end.exitCode());
        assertEquals(stdout, end.stdout());
    }
}
