package io.slipway.runtime.spi;

import io.slipway.model.image.ImageRef;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/** The ability of a runtime to tell which images are on the node. */
@ConsumerType
public interface ImageStore {

    /**
     * Returns the images that are on the node and can be started.
     *
     * @throws KernelRuntimeException if they cannot be listed
     */
    List<InstalledImage> images() throws KernelRuntimeException;

    /**
     * Looks at one image.
     *
     * @return empty if it is not on the node
     * @throws KernelRuntimeException if that cannot be found out
     */
    Optional<InstalledImage> image(ImageRef image, Duration limit) throws KernelRuntimeException;
}
