package io.slipway.runtime.spi;

import java.math.BigDecimal;
import java.util.List;

/**
 * How much a kernel may use.
 *
 * @param cpus processor time in cores, above zero, such as 0.5
 * @param cpuIds the cores it is bound to, empty for any
 * @param memoryBytes main memory, swap included, above zero
 * @param processes the most processes and threads, above zero
 * @param sharedMemoryBytes size of {@code /dev/shm}, 0 for the runtime's default
 */
public record ResourceLimits(
        BigDecimal cpus, List<Integer> cpuIds, long memoryBytes, int processes, long sharedMemoryBytes) {

    /** Copies and checks. */
    public ResourceLimits {
        cpuIds = List.copyOf(cpuIds);
        if (cpus.signum() <= 0 || memoryBytes <= 0 || processes <= 0 || sharedMemoryBytes < 0) {
            throw new IllegalArgumentException("limits must be above zero: " + cpus + " cores, " + memoryBytes
                    + " bytes, " + processes + " processes, " + sharedMemoryBytes + " bytes shared");
        }
    }
}
