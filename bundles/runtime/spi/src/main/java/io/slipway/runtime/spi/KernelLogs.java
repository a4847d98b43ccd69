package io.slipway.runtime.spi;

import io.slipway.model.call.Idempotent;
import io.slipway.model.kernel.KernelId;
import org.osgi.annotation.versioning.ConsumerType;

/** The ability of a runtime to give back what a kernel's main program wrote. */
@ConsumerType
@Idempotent
public interface KernelLogs {

    /**
     * Returns the end of the container's output.
     *
     * @param maxBytes at most so many bytes, above 0
     * @throws KernelRuntimeException if the kernel does not exist or the log cannot be read
     */
    byte[] tail(KernelId kernel, int maxBytes) throws KernelRuntimeException;
}
