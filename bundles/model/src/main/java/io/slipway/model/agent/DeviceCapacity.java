package io.slipway.model.agent;

import io.slipway.model.slot.SlotName;
import java.math.BigDecimal;

/**
 * What one device has of one slot.
 *
 * @param device which device
 * @param slot which slot of it
 * @param amount its whole capacity, at least zero
 * @param isHealthy whether new work may be placed on it
 * @param numaNode the NUMA node it hangs on, -1 if unknown or of no matter
 */
public record DeviceCapacity(DeviceId device, SlotName slot, BigDecimal amount, boolean isHealthy, int numaNode) {

    /** Refuses negative capacities. */
    public DeviceCapacity {
        if (amount.signum() < 0) {
            throw new IllegalArgumentException("capacity of " + amount + " " + slot + " on " + device);
        }
    }
}
