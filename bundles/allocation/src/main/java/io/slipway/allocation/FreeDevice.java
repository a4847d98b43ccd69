package io.slipway.allocation;

import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.agent.DeviceCapacity;
import io.slipway.model.slot.SlotName;
import java.math.BigDecimal;

/**
 * A healthy device with what is free of one slot.
 *
 * @param capacity the device
 * @param free above zero
 */
record FreeDevice(DeviceCapacity capacity, BigDecimal free) {

    int node() {
        return capacity.numaNode();
    }

    /** Returns whether nobody holds a part of it. */
    boolean isWhole() {
        return free.compareTo(capacity.amount()) >= 0;
    }

    /** A broken device is tighter than a whole one, however large. */
    boolean isTighterThan(FreeDevice other) {
        return isWhole() == other.isWhole() ? free.compareTo(other.free) < 0 : other.isWhole();
    }

    DeviceAllocation give(SlotName slot, BigDecimal amount) {
        return new DeviceAllocation(capacity.device(), slot, amount);
    }
}
