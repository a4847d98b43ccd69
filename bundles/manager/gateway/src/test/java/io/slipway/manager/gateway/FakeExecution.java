package io.slipway.manager.gateway;

import io.slipway.agent.api.ConsoleRecord;
import io.slipway.agent.api.ExecuteReply;
import io.slipway.manager.api.ExecutionService;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.identity.AccessKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A kernel that understands a handful of words. */
final class FakeExecution implements ExecutionService {

    final BlockingQueue<String> interrupts = new LinkedBlockingQueue<>();
    final AtomicInteger fetched = new AtomicInteger();
    final CountDownLatch mayEnd = new CountDownLatch(1);
    volatile Duration lastFlush = Duration.ZERO;
    volatile ExecuteReply whileAsking =
            new ExecuteReply("asks", ExecuteReply.Status.WAITING_INPUT, null, true, List.of());

    @Override
    public ExecuteReply execute(AccessKey owner, String reference, Run run, Duration flushAfter) {
        lastFlush = flushAfter;
        var id = run.runId() == null ? "run1" : run.runId();
        return switch (run.step()) {
            case QUERY -> begin(id, run.code());
            case BATCH -> reply("1", ExecuteReply.Status.BUILD_FINISHED, 0, new TreeMap<>(run.options()).toString());
            case INPUT -> reply(id, ExecuteReply.Status.FINISHED, 0, "hello " + run.code());
            case CONTINUE -> goOn(id);
        };
    }

    private ExecuteReply begin(String id, String code) {
        return switch (code) {
            case "ask" -> whileAsking;
            case "late" -> {
                await(mayEnd);
                yield reply(id, ExecuteReply.Status.FINISHED, 0, "late");
            }
            case "loop" -> reply("loop", ExecuteReply.Status.CONTINUED, null, "begin");
            case "flood" -> reply("flood", ExecuteReply.Status.CONTINUED, null, "begin");
            case "stream" -> reply("3", ExecuteReply.Status.CONTINUED, null, "3");
            case "show" ->
                new ExecuteReply(
                        id,
                        ExecuteReply.Status.FINISHED,
                        0,
                        false,
                        List.of(
                                ConsoleRecord.text(ConsoleRecord.Kind.STDOUT, "out"),
                                ConsoleRecord.text(ConsoleRecord.Kind.STDERR, "err"),
                                ConsoleRecord.text(ConsoleRecord.Kind.HTML, "<b>x</b>"),
                                new ConsoleRecord(
                                        ConsoleRecord.Kind.MEDIA, "image/png", "data:image/png;base64,AA==")));
            case "break" ->
                throw new SlipwayException(
                        FailureCode.KERNEL_EXECUTION_FAILED,
                        "The kernel is gone",
                        Map.of("agent-details", Map.of("type", "agent-failure", "title", "gone")),
                        null);
            default -> reply(id, ExecuteReply.Status.FINISHED, 0, code);
        };
    }

    private ExecuteReply goOn(String id) {
        fetched.incrementAndGet();
        if (id.equals("loop")) {
            pause();
            return new ExecuteReply(id, ExecuteReply.Status.CONTINUED, null, false, List.of());
        }
        if (id.equals("asks")) {
            return whileAsking;
        }
        if (id.equals("flood")) {
            return reply(id, ExecuteReply.Status.CONTINUED, null, "x".repeat(65_536));
        }
        var left = Integer.parseInt(id) - 1;
        return left == 0
                ? reply("0", ExecuteReply.Status.FINISHED, 0, "")
                : reply(Integer.toString(left), ExecuteReply.Status.CONTINUED, null, Integer.toString(left));
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(10, TimeUnit.SECONDS)) {
                throw new SlipwayException(FailureCode.UNAVAILABLE, "nobody lets it end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SlipwayException(FailureCode.UNAVAILABLE, "interrupted", Map.of(), e);
        }
    }

    private static ExecuteReply reply(String id, ExecuteReply.Status status, @Nullable Integer exitCode, String text) {
        var console = text.isEmpty()
                ? List.<ConsoleRecord>of()
                : List.of(ConsoleRecord.text(ConsoleRecord.Kind.STDOUT, text));
        return new ExecuteReply(id, status, exitCode, false, console);
    }

    @Override
    public void interrupt(AccessKey owner, String reference, String runId) {
        interrupts.add(reference + "/" + runId);
    }

    @Override
    public void interrupt(AccessKey owner, String reference) {
        interrupts.add(reference);
    }

    @Override
    public List<String> complete(AccessKey owner, String reference, Position position) {
        return List.of(position.code() + position.row() + position.column() + position.line());
    }
}
