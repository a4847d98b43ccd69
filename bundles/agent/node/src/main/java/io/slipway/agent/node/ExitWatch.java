package io.slipway.agent.node;

import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelExit;
import io.slipway.runtime.spi.KernelRuntimeException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches a container until its main program ends, and then sees to its end. One virtual thread per kernel. */
final class ExitWatch {

    private static final Logger LOG = LoggerFactory.getLogger(ExitWatch.class);
    /** Each wait holds a lease: a runtime plug-in that is swapped is let go after this at the latest. */
    private static final Duration ONE_WAIT = Duration.ofSeconds(1);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final NodeParts parts;
    private final KernelEnder ender;
    private final ExecutorService threads;
    private final Duration secondLook;

    ExitWatch(NodeParts parts, KernelEnder ender, ExecutorService threads, Duration secondLook) {
        this.parts = parts;
        this.ender = ender;
        this.threads = threads;
        this.secondLook = secondLook;
    }

    void begin(NodeKernel kernel) {
        threads.execute(() -> run(kernel));
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: an unwatched kernel would hold its devices for ever
    private void run(NodeKernel kernel) {
        try {
            var exit = await(kernel);
            parts.table().checkOpen();
            if (exit.isPresent()) {
                act(kernel, exit.get());
            }
        } catch (InterruptedException e) {
            // the agent stops; the next process watches
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("kernel={} is watched no longer", kernel.id(), e);
        }
    }

    private void act(NodeKernel kernel, KernelExit exit) throws InterruptedException {
        switch (kernel.exited(exit)) {
            case WAKE_STARTER -> parts.driver().close(kernel.id());
            case END -> ender.end(kernel, exit, Duration.ZERO);
            case NOTHING, TELL, RETRY -> LOG.debug("kernel={} exited while it was ended", kernel.id());
        }
    }

    private Optional<KernelExit> await(NodeKernel kernel) throws InterruptedException {
        var pause = FIRST_PAUSE;
        while (kernel.stage() != NodeKernel.Stage.ENDED) {
            try {
                var exit = parts.runtimes().call(kernel.runtime(), runtime -> runtime.awaitExit(kernel.id(), ONE_WAIT));
                if (exit.isPresent()) {
                    return exit;
                }
                pause = FIRST_PAUSE;
            } catch (KernelRuntimeException e) {
                parts.table().checkOpen();
                if (kernel.stage() == NodeKernel.Stage.ENDING || kernel.stage() == NodeKernel.Stage.ENDED) {
                    return Optional.empty();
                }
                LOG.debug("kernel={} cannot be watched now", kernel.id(), e);
                if (isGone(kernel)) {
                    return Optional.of(new KernelExit(
                            ExitReason.CONTAINER_NOT_FOUND,
                            null,
                            "runtime " + kernel.runtime() + " has the container no longer"));
                }
                Thread.sleep(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            }
        }
        return Optional.empty();
    }

    /** A container counts as gone only if its runtime answers twice that it is not there. */
    private boolean isGone(NodeKernel kernel) throws InterruptedException {
        try {
            if (isListed(kernel)) {
                return false;
            }
            Thread.sleep(secondLook);
            return !isListed(kernel);
        } catch (KernelRuntimeException e) {
            LOG.debug("runtime={} cannot be asked now", kernel.runtime(), e);
            return false;
        }
    }

    private boolean isListed(NodeKernel kernel) throws KernelRuntimeException {
        return parts.runtimes()
                .call(
                        kernel.runtime(),
                        runtime -> runtime.list().stream()
                                .anyMatch(owned -> owned.kernel().equals(kernel.id())));
    }
}
