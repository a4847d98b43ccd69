package io.slipway.runtime.spi;

import io.slipway.model.call.Idempotent;
import io.slipway.model.kernel.KernelId;
import org.osgi.annotation.versioning.ConsumerType;

/** The ability of a runtime to measure what a kernel uses. */
@ConsumerType
@Idempotent
public interface KernelStats {

    /**
     * Measures a running kernel.
     *
     * @throws KernelRuntimeException if it does not run or cannot be measured
     */
    Usage usage(KernelId kernel) throws KernelRuntimeException;

    /**
     * What a kernel uses.
     *
     * @param cpuMillis processor time since its start, in milliseconds
     * @param memoryBytes memory now
     * @param memoryPeakBytes the most memory so far
     * @param processes processes and threads now
     */
    record Usage(long cpuMillis, long memoryBytes, long memoryPeakBytes, int processes) {}
}
