package io.slipway.model.agent;

import io.slipway.model.slot.SlotName;
import java.math.BigDecimal;

/**
 * So much of one slot of one device.
 *
 * @param device which device
 * @param slot which slot of it
 * @param amount above zero
 */
public record DeviceAllocation(DeviceId device, SlotName slot, BigDecimal amount) {

    /** Refuses amounts that are not above zero. */
    public DeviceAllocation {
        if (amount.signum() <= 0) {
            throw new IllegalArgumentException("allocation of " + amount + " " + slot + " on " + device);
        }
    }
}
