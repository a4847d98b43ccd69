package io.slipway.agent.api;

import java.math.BigDecimal;

/**
 * What a running kernel used when it was last measured.
 *
 * @param cpuMillis processor time since its start, in milliseconds
 * @param cpuPercent use of processors between the last two measurements, 100 for one core; 0 at the first
 * @param cpuCapacity what that can be at most, 100 for each core it may use
 * @param memoryBytes memory now
 * @param memoryPeakBytes the most memory so far
 * @param memoryCapacity the most memory that it may use
 * @param readBytes read from disks since its start
 * @param writtenBytes written to disks since its start
 * @param receivedBytes from the network since its start
 * @param sentBytes to the network since its start
 */
public record KernelUse(
        long cpuMillis,
        BigDecimal cpuPercent,
        BigDecimal cpuCapacity,
        long memoryBytes,
        long memoryPeakBytes,
        long memoryCapacity,
        long readBytes,
        long writtenBytes,
        long receivedBytes,
        long sentBytes) {}
