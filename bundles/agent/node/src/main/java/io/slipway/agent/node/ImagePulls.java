package io.slipway.agent.node;

import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.AgentException.Reason;
import io.slipway.agent.api.PrepareKernel;
import io.slipway.model.image.ImageRef;
import io.slipway.plugin.api.PluginId;
import io.slipway.runtime.spi.ImageStore.PullProgress;
import io.slipway.runtime.spi.KernelRuntimeException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes images ready for kernels: what is not on the node is pulled, once for all that wait for it. Thread-safe. */
final class ImagePulls {

    private static final Logger LOG = LoggerFactory.getLogger(ImagePulls.class);
    private static final int MOST_AT_ONCE = 3;
    private static final long REPORT_EVERY = 64L << 20;

    private final Runtimes runtimes;
    private final EventOutbox outbox;
    private final ConcurrentMap<ImageRef, FutureTask<ImageRef>> running = new ConcurrentHashMap<>();
    private final Semaphore places = new Semaphore(MOST_AT_ONCE, true);

    ImagePulls(Runtimes runtimes, EventOutbox outbox) {
        this.runtimes = runtimes;
        this.outbox = outbox;
    }

    /**
     * Returns when the image is on the node.
     *
     * @throws AgentException FAILED if it cannot be had, TIMEOUT if it takes longer than allowed
     */
    void prepare(PluginId runtime, PrepareKernel request) throws AgentException {
        var deadline = Deadline.in(request.limit());
        try {
            if (!runtimes.knowsImages(runtime)
                    || runtimes.image(runtime, request.image(), deadline.remaining())
                            .isPresent()) {
                return;
            }
        } catch (KernelRuntimeException e) {
            throw new AgentException(
                    Reason.FAILED, "image " + request.image() + " cannot be looked at: " + e.getMessage(), e);
        }
        outbox.tellPulling(request.kernel());
        await(request, pull(runtime, request.image(), deadline), deadline);
    }

    /** Pulls on the calling thread, or finds the pull that another caller makes. */
    private FutureTask<ImageRef> pull(PluginId runtime, ImageRef image, Deadline deadline) {
        var own = new FutureTask<>(() -> {
            pullNow(runtime, image, deadline);
            return image;
        });
        var other = running.putIfAbsent(image, own);
        if (other != null) {
            return other;
        }
        try {
            own.run();
        } finally {
            running.remove(image, own);
        }
        return own;
    }

    private void pullNow(PluginId runtime, ImageRef image, Deadline deadline)
            throws KernelRuntimeException, InterruptedException {
        if (!places.tryAcquire(deadline.remaining().toMillis(), TimeUnit.MILLISECONDS)) {
            throw new KernelRuntimeException(
                    MOST_AT_ONCE + " other images are being pulled and none was ready in time");
        }
        try {
            LOG.info("image={} is not here, runtime={} pulls it", image, runtime);
            var meter = new Meter(image);
            runtimes.run(runtime, plugin -> Runtimes.images(plugin).pull(image, deadline.remaining(), meter::take));
            LOG.info("image={} is here, bytes={}", image, meter.told);
        } finally {
            places.release();
        }
    }

    private static void await(PrepareKernel request, FutureTask<ImageRef> pull, Deadline deadline)
            throws AgentException {
        try {
            LOG.debug("image={} ready", pull.get(deadline.remaining().toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            throw new AgentException(
                    Reason.FAILED, "image " + request.image() + " cannot be pulled: " + cause.getMessage(), cause);
        } catch (TimeoutException e) {
            throw new AgentException(
                    Reason.TIMEOUT, "image " + request.image() + " was not pulled within " + request.limit(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AgentException(Reason.UNREACHABLE, "the wait for " + request.image() + " was interrupted", e);
        }
    }

    /** Says now and then how far a pull is. */
    private static final class Meter {

        private final ImageRef image;
        private long told;

        Meter(ImageRef image) {
            this.image = image;
        }

        void take(PullProgress progress) {
            if (progress.currentBytes() - told >= REPORT_EVERY) {
                LOG.info("image={} pulled={} of={} bytes", image, progress.currentBytes(), progress.totalBytes());
                told = progress.currentBytes();
            }
        }
    }
}
