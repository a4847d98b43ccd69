package io.slipway.agent.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.agent.api.ConsoleRecord;
import io.slipway.agent.api.ExecuteReply;
import io.slipway.agent.api.ExecuteReply.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runaway output: memory stays flat here and in the driver, and nothing gets stuck. */
@Timeout(60)
class BackPressureTest {

    private static final Duration SHORT = Duration.ofMillis(20);
    private static final long MEGABYTE = 1 << 20;
    private static final int BLOCKS = 200;

    @Test
    void holdsBackWhatNobodyFetches() throws Exception {
        try (var kernel = TestKernel.python()) {
            var code = "import os, sys\nsys.stdout.flush()\nfor i in range(" + BLOCKS
                    + "):\n    sys.stdout.write(('%07d\\n' % i) * 131072)";
            var reply = kernel.query("r", code, SHORT);
            awaitBlocked(kernel);
            assertTrue(resident(kernel.process.pid()) < 60 * MEGABYTE, "driver of " + resident(kernel.process.pid()));
            var size = 0L;
            while (true) {
                size += size(reply);
                if (reply.status() == Status.FINISHED) {
                    break;
                }
                reply = kernel.resume("r", TestKernel.LONG);
                assertTrue(size(reply) < 2 * MEGABYTE, "reply of " + size(reply));
            }
            assertEquals(BLOCKS * MEGABYTE, size);
            assertTrue(resident(kernel.process.pid()) < 60 * MEGABYTE, "driver of " + resident(kernel.process.pid()));
        }
    }

    @Test
    void boundsManyTinyRecords() throws Exception {
        try (var kernel = TestKernel.python()) {
            var code = "import sys\nfor i in range(8000):\n    print('a'); print('b', file=sys.stderr)";
            var reply = kernel.query("r", code, SHORT);
            awaitBlocked(kernel);
            var outcome = kernel.finish("r", reply);
            assertEquals(16_000, outcome.stdout().length());
            assertEquals(16_000, outcome.stderr().length());
        }
    }

    @Test
    void givesUpOnRunsThatNobodyAsksFor() throws Exception {
        try (var kernel = TestKernel.python(new Limits(2, Duration.ofMillis(200), Duration.ofSeconds(30)))) {
            kernel.query("r", "for i in range(50): print('x' * 1_000_000)\nprint('last')", SHORT);
            assertEquals(
                    "2\n",
                    kernel.finish("s", kernel.query("s", "1+1", TestKernel.LONG))
                            .stdout());
            var end = kernel.finish("r", kernel.resume("r", SHORT));
            assertEquals(0, end.exitCode());
            assertTrue(end.stderr().contains("bytes were dropped: nobody asked"), end.stderr());
            assertTrue(end.stdout().length() < 3 * MEGABYTE);
        }
    }

    @Test
    void interruptsARunWhoseOutputIsHeldBack() throws Exception {
        try (var kernel = TestKernel.python()) {
            var reply = kernel.query("r", "while True: print('y' * 1000)", SHORT);
            awaitBlocked(kernel);
            kernel.agent.interrupt(kernel.id);
            var outcome = kernel.finish("r", reply);
            assertEquals(1, outcome.exitCode());
            assertTrue(outcome.stderr().contains("KeyboardInterrupt"), outcome.stderr());
        }
    }

    /** Waits until the interpreter sleeps in a write, that is, uses no processor time for a while. */
    private static void awaitBlocked(TestKernel kernel) throws IOException, InterruptedException {
        var interpreter = kernel.process.children().findFirst().orElseThrow().pid();
        for (var turn = 0; turn < 200; turn++) {
            var before = ticks(interpreter);
            TimeUnit.MILLISECONDS.sleep(100);
            if (ticks(interpreter) == before) {
                return;
            }
        }
        throw new AssertionError("the interpreter was never held back");
    }

    private static long ticks(long pid) throws IOException {
        var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        var words = stat.substring(stat.lastIndexOf(')')).split(" ", -1);
        return Long.parseLong(words[12]) + Long.parseLong(words[13]);
    }

    private static long resident(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }

    private static long size(ExecuteReply reply) {
        return reply.console().stream()
                .map(ConsoleRecord::text)
                .mapToLong(String::length)
                .sum();
    }
}
