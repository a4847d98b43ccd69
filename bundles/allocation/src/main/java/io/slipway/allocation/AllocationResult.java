package io.slipway.allocation;

import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.slot.SlotName;
import java.math.BigDecimal;
import java.util.List;

/** All or nothing. */
public sealed interface AllocationResult {

    /**
     * Everything that was asked for.
     *
     * @param allocations by device, sorted by slot and device
     */
    record Allocated(List<DeviceAllocation> allocations) implements AllocationResult {

        /** Copies. */
        public Allocated {
            allocations = List.copyOf(allocations);
        }
    }

    /**
     * Not enough of a slot; nothing was taken.
     *
     * @param slot the first slot that does not suffice
     * @param requested how much was asked for
     * @param free how much healthy devices have free together
     * @param reason in words, such as {@code needs 2 cuda.device, 1 free}
     */
    record Insufficient(SlotName slot, BigDecimal requested, BigDecimal free, String reason)
            implements AllocationResult {}
}
