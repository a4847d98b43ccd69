package io.slipway.runtime.spi;

import io.slipway.model.call.Idempotent;
import io.slipway.model.call.OpenEnded;
import io.slipway.model.image.ImageRef;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ConsumerType;

/** The ability of a runtime to tell which images are on the node, and perhaps to fetch further ones. */
@ConsumerType
public interface ImageStore {

    /**
     * Returns the images that are on the node and can be started. Asked every few seconds: need not look inside them.
     *
     * @throws KernelRuntimeException if they cannot be listed
     */
    @Idempotent
    List<InstalledImage> images() throws KernelRuntimeException;

    /**
     * Looks at one image, also inside it.
     *
     * @return empty if it is not on the node
     * @throws KernelRuntimeException if that cannot be found out
     */
    @Idempotent
    Optional<InstalledImage> image(ImageRef image, Duration limit) throws KernelRuntimeException;

    /**
     * Fetches an image from its registry and returns when it can be started. Idempotent; several calls for one image at the
     * same time are allowed.
     *
     * @param limit how long it may take; what was fetched until then may be kept for the next try
     * @param progress is told, on the calling thread and at most a few times per second, how far it is
     * @throws KernelRuntimeException if it cannot be had, with the registry's words, or if this runtime cannot fetch images
     */
    @Idempotent
    @OpenEnded
    default void pull(ImageRef image, Duration limit, Consumer<PullProgress> progress) throws KernelRuntimeException {
        throw new KernelRuntimeException("this runtime cannot pull images; put " + image + " on the node by hand");
    }

    /**
     * Removes an image from the node. Nothing happens if it is not there.
     *
     * @throws KernelRuntimeException if a kernel uses it, or if this runtime cannot remove images
     */
    @Idempotent
    default void remove(ImageRef image, Duration limit) throws KernelRuntimeException {
        throw new KernelRuntimeException("this runtime cannot remove images; take " + image + " off the node by hand");
    }

    /**
     * How far a pull is.
     *
     * @param currentBytes what has come so far
     * @param totalBytes what is known to be needed, 0 if nothing is known yet; may grow
     */
    record PullProgress(long currentBytes, long totalBytes) {}
}
