package io.slipway.runtime.spi;

import io.slipway.model.call.Idempotent;
import io.slipway.model.kernel.KernelId;
import java.util.List;
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
     * @param disk bytes read and written since its start, as far as that is counted
     * @param network bytes received and sent since its start, as far as that is counted
     */
    record Usage(
            long cpuMillis, long memoryBytes, long memoryPeakBytes, int processes, Transfer disk, Transfer network) {

        /** Without what it moved. */
        public Usage(long cpuMillis, long memoryBytes, long memoryPeakBytes, int processes) {
            this(cpuMillis, memoryBytes, memoryPeakBytes, processes, Transfer.NONE, Transfer.NONE);
        }

        /** Returns the same with what it moved. */
        public Usage moving(Transfer disk, Transfer network) {
            return new Usage(cpuMillis, memoryBytes, memoryPeakBytes, processes, disk, network);
        }
    }

    /**
     * Bytes that came and went.
     *
     * @param in read or received
     * @param out written or sent
     */
    record Transfer(long in, long out) {

        /** Nothing, or not counted. */
        public static final Transfer NONE = new Transfer(0, 0);

        /** Returns both together. */
        public Transfer plus(Transfer other) {
            return new Transfer(in + other.in, out + other.out);
        }

        /**
         * Adds up the network devices of a namespace but the loopback one.
         *
         * @param lines of {@code /proc/PID/net/dev}; lines of another form count nothing
         */
        public static Transfer ofNetworkDevices(List<String> lines) {
            var sum = NONE;
            for (var line : lines) {
                var colon = line.indexOf(':');
                var numbers = line.substring(colon + 1).strip().split("\\s+", -1);
                if (colon >= 0 && !line.substring(0, colon).strip().equals("lo") && numbers.length > SENT) {
                    sum = sum.plus(new Transfer(Long.parseLong(numbers[0]), Long.parseLong(numbers[SENT])));
                }
            }
            return sum;
        }

        private static final int SENT = 8;
    }
}
