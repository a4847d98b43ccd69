package io.slipway.agent.node;

import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import io.slipway.plugin.api.PluginId;
import io.slipway.runtime.spi.KernelLogs;
import io.slipway.runtime.spi.KernelRuntimeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a kernel: nothing of it is left afterwards, and managers are told. Every step may be repeated. */
final class KernelEnder {

    private static final Logger LOG = LoggerFactory.getLogger(KernelEnder.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    /** How long the watcher may take to tell the exit status of a container that was stopped. */
    private static final Duration EXIT_STATUS_LIMIT = Duration.ofSeconds(2);

    private static final int LOG_BYTES = 256 * 1024;

    private final NodeParts parts;

    KernelEnder(NodeParts parts) {
        this.parts = parts;
    }

    /**
     * Ends a kernel, on the thread that drives it. Tries until it is done: its devices stay taken until its container is
     * really gone.
     *
     * @param cause why it ends; the container's exit status is filled in if it is known
     * @param grace how long its programs get
     * @throws InterruptedException if the agent stops; the next process goes on
     */
    void end(NodeKernel kernel, KernelExit cause, Duration grace) throws InterruptedException {
        // a failure that comes of the stop itself must not end a kernel
        parts.table().checkOpen();
        repeatedly(kernel, () -> {
            removeContainer(kernel, cause, grace);
            removeRest(kernel);
        });
        parts.table().free(kernel.id());
        kernel.becomeEnded();
        parts.outbox().tell(kernel);
        LOG.info("kernel={} ended: {} {}", kernel.id(), cause.reason().wireName(), cause.detail());
    }

    /**
     * Removes what there is of a kernel that did not come to run, on the thread that drives it; it is to be started again, so
     * its devices and, if it ran before a restart, its home stay. Tries until it is done.
     *
     * @throws InterruptedException if the agent stops; the next process goes on
     */
    void clear(NodeKernel kernel) throws InterruptedException {
        repeatedly(kernel, () -> {
            parts.runtimes().run(kernel.runtime(), provider -> provider.stop(kernel.id(), Duration.ZERO));
            parts.runtimes().run(kernel.runtime(), provider -> provider.remove(kernel.id()));
            parts.driver().close(kernel.id());
            if (kernel.note().round() == 0) {
                parts.homes().delete(kernel.id());
            }
        });
    }

    private interface Steps {
        void run() throws KernelRuntimeException, IOException, InterruptedException;
    }

    @SuppressWarnings(
            "IllegalCatch") // thread boundary: whatever goes wrong, the kernel must not hold its devices for ever
    private void repeatedly(NodeKernel kernel, Steps steps) throws InterruptedException {
        var pause = FIRST_PAUSE;
        while (true) {
            try {
                steps.run();
                return;
            } catch (KernelRuntimeException | IOException | RuntimeException e) {
                parts.table().checkOpen();
                LOG.warn("kernel={} could not be removed, next try in {}", kernel.id(), pause, e);
                Thread.sleep(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            }
        }
    }

    private void removeContainer(NodeKernel kernel, KernelExit cause, Duration grace)
            throws KernelRuntimeException, IOException, InterruptedException {
        var runtime = kernel.runtime();
        parts.runtimes().run(runtime, provider -> provider.stop(kernel.id(), grace));
        if (kernel.note().stage() != KernelNote.Stage.ENDING) {
            var exit = withStatus(kernel, cause);
            var ending = kernel.note().ending(exit, tail(runtime, kernel.id()));
            parts.notes().write(ending);
            // the log stays in the file alone
            kernel.note(ending.ending(exit, ""));
        }
        parts.runtimes().run(runtime, provider -> provider.remove(kernel.id()));
    }

    private void removeRest(NodeKernel kernel) {
        parts.driver().close(kernel.id());
        try {
            parts.homes().delete(kernel.id());
        } catch (IOException e) {
            LOG.warn("The home folder of kernel={} could not be deleted; the leak reaper tries again", kernel.id(), e);
        }
    }

    private static KernelExit withStatus(NodeKernel kernel, KernelExit cause) throws InterruptedException {
        if (cause.exitCode() != null || kernel.note().containerId().isEmpty()) {
            return cause;
        }
        return new KernelExit(cause.reason(), exitCode(kernel), cause.detail());
    }

    private static @Nullable Integer exitCode(NodeKernel kernel) throws InterruptedException {
        try {
            return kernel.exit()
                    .get(EXIT_STATUS_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                    .exitCode();
        } catch (TimeoutException | ExecutionException e) {
            LOG.debug("kernel={} has no known exit status", kernel.id(), e);
            return null;
        }
    }

    private String tail(PluginId runtime, KernelId kernel) {
        try {
            return parts.runtimes()
                    .call(
                            runtime,
                            provider -> provider instanceof KernelLogs logs
                                    ? new String(logs.tail(kernel, LOG_BYTES), StandardCharsets.UTF_8)
                                    : "");
        } catch (KernelRuntimeException e) {
            LOG.debug("kernel={} has no log", kernel, e);
            return "";
        }
    }
}
