package io.slipway.runtime.spi;

import io.slipway.model.call.OpenEnded;
import io.slipway.model.image.ImageRef;
import io.slipway.model.kernel.KernelId;
import java.time.Duration;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/** The ability of a runtime to make an image of what a kernel changed in its root file system. */
@ConsumerType
public interface KernelCommit {

    /**
     * Makes an image on this node. The kernel's home and mounts are not part of it; the kernel goes on.
     *
     * @param target the name of the new image; an image of that name gives it up
     * @param labels labels besides those of the kernel's image
     * @param limit how long it may take
     * @return the new image, as {@link ImageStore#image} tells it
     * @throws KernelRuntimeException if the kernel does not exist or the image cannot be made
     */
    @OpenEnded
    InstalledImage commit(KernelId kernel, ImageRef target, Map<String, String> labels, Duration limit)
            throws KernelRuntimeException;
}
