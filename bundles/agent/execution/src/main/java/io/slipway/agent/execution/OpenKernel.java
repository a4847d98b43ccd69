package io.slipway.agent.execution;

import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.AgentException.Reason;
import io.slipway.agent.api.CompleteCall;
import io.slipway.agent.api.ExecuteCall;
import io.slipway.agent.api.ExecuteReply;
import io.slipway.agent.spi.DriverLaunch;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One kernel that may be asked to run code.
 *
 * @param folder its driver's folder
 * @param launch how its container is started
 * @param runs its runs
 * @param link the way to its driver
 */
record OpenKernel(DriverFolder folder, DriverLaunch launch, RunTable runs, DriverLink link) {

    private static final Duration TASK_ASKED_EVERY = Duration.ofSeconds(2);
    private static final int MAX_LINE = 64 << 10;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
    private static final Duration DRIVER_PATIENCE = Duration.ofSeconds(2);
    private static final Duration ACKNOWLEDGE_PATIENCE = Duration.ofMillis(200);

    ExecuteReply execute(ExecuteCall call) throws AgentException {
        if (call.code().length() > Share.MAX_CODE) {
            throw new AgentException(
                    Reason.INVALID_INPUT, "run " + call.runId() + ": code is longer than " + Share.MAX_CODE);
        }
        switch (call.mode()) {
            case QUERY -> {
                if (runs.add(call.runId(), call.code())) {
                    link.submit(new Submission(call.runId(), call.code()));
                }
            }
            case BATCH -> {
                var code = link.code(BatchSteps.of(call.options()));
                if (runs.add(call.runId(), code)) {
                    link.submit(new Submission(call.runId(), code));
                }
            }
            case INPUT -> {
                var request = runs.answered(call.runId());
                if (request != null) {
                    link.input(call.runId(), request, call.code());
                }
            }
            case CONTINUE -> {
                // nothing to tell the driver
            }
        }
        var limit = call.flushAfter().compareTo(LONGEST_WAIT) < 0 ? call.flushAfter() : LONGEST_WAIT;
        var taken = runs.take(call.runId(), limit);
        if (taken.sequence() > 0) {
            var isLast = taken.reply().status() == ExecuteReply.Status.FINISHED;
            settle(link.acknowledge(new Acknowledgement(call.runId(), taken.sequence(), isLast)));
        }
        return taken.reply();
    }

    /** The driver must have the acknowledgement before a caller has the output, or a crash between would double it. */
    private static void settle(CompletableFuture<@Nullable Void> sent) {
        try {
            sent.get(ACKNOWLEDGE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // a driver that does not read harms its own kernel at most
            sent.cancel(false);
        }
    }

    OptionalInt task(String name, String command, Duration limit) throws AgentException {
        if (!name.matches("[a-z]{1,16}")) {
            throw new AgentException(Reason.INVALID_INPUT, "a task's name is 1 to 16 lower case letters");
        }
        var end = runs.tasks().end(name);
        try {
            for (var left = limit.toNanos(); left > 0 && !runs.isClosed() && !end.isDone(); ) {
                var before = System.nanoTime();
                link.task(name, command);
                Tasks.await(end, Math.min(left, TASK_ASKED_EVERY.toNanos()));
                left -= System.nanoTime() - before;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return end.isDone() ? OptionalInt.of(end.join()) : OptionalInt.empty();
    }

    void interrupt() throws AgentException {
        requireDriver();
        runs.live().forEach(link::interrupt);
    }

    void interrupt(String run) throws AgentException {
        requireDriver();
        if (runs.live().contains(run)) {
            link.cancel(run);
        }
    }

    List<String> complete(CompleteCall call) throws AgentException {
        var line = beforeCursor(call);
        if (line.length() > MAX_LINE) {
            throw new AgentException(Reason.INVALID_INPUT, "the line to complete is longer than " + MAX_LINE);
        }
        requireDriver();
        var answer = link.complete(line);
        try {
            return answer.get(call.limit().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AgentException(Reason.FAILED, "completion was interrupted", e);
        } catch (ExecutionException e) {
            throw new AgentException(Reason.FAILED, "completion failed", e);
        } catch (TimeoutException e) {
            answer.complete(List.of());
            throw new AgentException(Reason.TIMEOUT, "no completion within " + call.limit(), e);
        }
    }

    void close(boolean isKernelGone) {
        runs.close(isKernelGone);
        link.close();
    }

    private void requireDriver() throws AgentException {
        try {
            if (!runs.awaitReady(DRIVER_PATIENCE)) {
                throw new AgentException(Reason.FAILED, "the kernel's driver has not dialled yet");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AgentException(Reason.FAILED, "waiting for the driver was interrupted", e);
        }
    }

    private static String beforeCursor(CompleteCall call) {
        if (!call.line().isEmpty()) {
            return call.line();
        }
        var line = call.code().lines().skip(Math.max(call.row(), 0)).findFirst().orElse("");
        return line.substring(0, Math.clamp(call.column(), 0, line.length()));
    }
}
