package io.slipway.runtime.spi;

import io.slipway.model.call.Idempotent;
import io.slipway.model.kernel.KernelId;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import org.osgi.annotation.versioning.ConsumerType;

/** The ability of a runtime to reach what listens inside a kernel, whatever network the kernel has. */
@ConsumerType
public interface KernelPorts {

    /**
     * Connects to a TCP port on the kernel's own loopback address.
     *
     * @param port 1 to 65535
     * @param limit how long it may take
     * @return a blocking channel, which the caller closes; its reads and writes end when the channel is closed
     * @throws KernelRuntimeException if the kernel does not run, nothing listens there, or the node does not allow it
     */
    @Idempotent
    ByteChannel connect(KernelId kernel, int port, Duration limit) throws KernelRuntimeException;
}
