package io.slipway.accelerator.spi;

import io.slipway.model.agent.DeviceId;
import io.slipway.model.slot.SlotAmounts;

/**
 * One device.
 *
 * @param id unique within the family and stable over restarts
 * @param model for people, such as {@code NVIDIA H200}
 * @param capacity what it has of each slot of the family
 * @param health whether work may be placed on it
 * @param numaNode the NUMA node it hangs on, -1 if unknown or of no matter
 */
public record Device(DeviceId id, String model, SlotAmounts capacity, Health health, int numaNode) {}
