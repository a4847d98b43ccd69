package io.slipway.agent.node;

import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.DestroyKernel;
import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelExit;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the task of a kernel run and ends the kernel with it. The driver begins a task once and keeps its status, so that
 * another process of the agent goes on by asking for the same.
 */
final class TaskWatch {

    private static final Logger LOG = LoggerFactory.getLogger(TaskWatch.class);
    private static final String BOOTSTRAP = "bootstrap";
    private static final String TASK = "task";
    private static final Duration ONE_WAIT = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    /** Exit status of a command that took too long, as timeout(1) tells it. */
    private static final int TIMED_OUT = 124;

    private final NodeParts parts;
    private final KernelEnder ender;
    private final ExecutorService threads;
    private final InstantSource clock;

    TaskWatch(NodeParts parts, KernelEnder ender, ExecutorService threads, InstantSource clock) {
        this.parts = parts;
        this.ender = ender;
        this.threads = threads;
        this.clock = clock;
    }

    /** Runs the bootstrap script, if there is one, to its end. */
    void bootstrap(NodeKernel kernel, Deadline deadline) throws AgentException {
        var task = kernel.note().task();
        if (task == null) {
            return;
        }
        if (kernel.note().driver() == null) {
            throw new AgentException(
                    AgentException.Reason.FAILED,
                    "runtime " + kernel.runtime() + " runs no code: it cannot run a task");
        }
        if (task.bootstrap().isEmpty()) {
            return;
        }
        var status = parts.driver().task(kernel.id(), BOOTSTRAP, task.bootstrap(), deadline.remaining());
        if (status.isEmpty()) {
            throw new AgentException(AgentException.Reason.TIMEOUT, "its bootstrap script did not end in time");
        }
        LOG.info("kernel={} bootstrap script ended: status={}", kernel.id(), status.getAsInt());
    }

    /** Returns the note of a kernel that begins its task now. */
    KernelNote begun(KernelNote note) {
        var task = note.task();
        return task == null || task.limitSeconds() == 0 || note.taskEndsAt() != 0
                ? note
                : note.withTask(task, clock.millis() + task.limitSeconds() * 1_000);
    }

    /** Begins to watch, if there is something to watch. */
    void begin(NodeKernel kernel) {
        var task = kernel.note().task();
        if (task != null && !task.command().isEmpty() && kernel.note().driver() != null) {
            threads.execute(() -> run(kernel, task.command()));
        }
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: an unwatched task would hold its devices for ever
    private void run(NodeKernel kernel, String command) {
        try {
            var exit = await(kernel, command);
            parts.table().checkOpen();
            if (exit.isPresent()) {
                end(kernel, exit.get());
            }
        } catch (InterruptedException e) {
            // the agent stops; the next process watches
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("The task of kernel={} is watched no longer", kernel.id(), e);
        }
    }

    private Optional<KernelExit> await(NodeKernel kernel, String command) throws InterruptedException {
        while (kernel.stage() == NodeKernel.Stage.RUNNING) {
            parts.table().checkOpen();
            var endsAt = kernel.note().taskEndsAt();
            var left = endsAt == 0 ? ONE_WAIT : Duration.ofMillis(endsAt - clock.millis());
            if (!left.isPositive()) {
                var limit =
                        kernel.note().task() == null ? 0 : kernel.note().task().limitSeconds();
                return Optional.of(
                        new KernelExit(ExitReason.TASK_TIMEOUT, TIMED_OUT, "it took longer than " + limit + " s"));
            }
            try {
                var status =
                        parts.driver().task(kernel.id(), TASK, command, left.compareTo(ONE_WAIT) < 0 ? left : ONE_WAIT);
                if (status.isPresent()) {
                    var code = status.getAsInt();
                    return Optional.of(
                            new KernelExit(code == 0 ? ExitReason.TASK_FINISHED : ExitReason.TASK_FAILED, code, ""));
                }
            } catch (AgentException e) {
                LOG.debug("The task of kernel={} cannot be asked for now", kernel.id(), e);
                Thread.sleep(PAUSE);
            }
        }
        return Optional.empty();
    }

    private void end(NodeKernel kernel, KernelExit exit) throws InterruptedException {
        switch (kernel.requestEnd(new DestroyKernel(kernel.id(), exit.reason(), Duration.ZERO))) {
            case END -> ender.end(kernel, exit, Duration.ZERO);
            case NOTHING, WAKE_STARTER, TELL, RETRY -> LOG.debug("kernel={} was ended by others", kernel.id());
        }
    }
}
