package io.slipway.runtime.spi;

import io.slipway.model.call.OpenEnded;
import io.slipway.model.kernel.KernelId;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The ability of a runtime to move files between the node and all that a kernel's programs see, as tar archives. Paths are
 * absolute, mean places inside the kernel and never lead out of it, whatever links are there.
 */
@ConsumerType
public interface KernelFiles {

    /**
     * Writes a file, or a folder with all that is in it, as a tar archive.
     *
     * @param maxBytes the most bytes of the archive
     * @param limit how long it may take
     * @throws KernelRuntimeException if the kernel or the path does not exist, if the archive would be larger or slower
     *     than allowed (a part of it has been written, then), or if the target cannot be written
     */
    @OpenEnded
    void read(KernelId kernel, String path, long maxBytes, OutputStream archive, Duration limit)
            throws KernelRuntimeException;

    /**
     * Unpacks a tar archive into an existing folder. Owners and modes are those in the archive.
     *
     * @param maxBytes the most bytes of the archive
     * @param limit how long it may take
     * @throws KernelRuntimeException if the kernel or the folder does not exist, the archive is larger or slower than
     *     allowed or broken; a part of it may be there, then
     */
    @OpenEnded
    void write(KernelId kernel, String folder, InputStream archive, long maxBytes, Duration limit)
            throws KernelRuntimeException;
}
