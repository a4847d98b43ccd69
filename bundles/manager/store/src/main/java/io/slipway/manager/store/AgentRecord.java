package io.slipway.manager.store;

import io.slipway.model.agent.AgentId;
import io.slipway.model.agent.AgentStatus;
import io.slipway.model.agent.DeviceCapacity;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import io.slipway.model.slot.SlotType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An agent as stored.
 *
 * @param id its id
 * @param status whether it is heard of
 * @param resourceGroup its group
 * @param isSchedulable whether it may take new work
 * @param address where it is reached, for people
 * @param version the product version it runs
 * @param architecture such as {@code x86_64}
 * @param slotTypes every slot it has
 * @param devices every device
 * @param computePlugins accelerator plug-in id to version
 * @param runtimes runtime plug-in id to what it says of itself
 * @param firstContact when it was first heard of
 * @param lostAt since when it is silent, or null
 */
public record AgentRecord(
        AgentId id,
        AgentStatus status,
        String resourceGroup,
        boolean isSchedulable,
        String address,
        String version,
        String architecture,
        Map<SlotName, SlotType> slotTypes,
        List<DeviceCapacity> devices,
        Map<String, String> computePlugins,
        Map<String, String> runtimes,
        Instant firstContact,
        @Nullable Instant lostAt) {

    /** Copies. */
    public AgentRecord {
        slotTypes = Map.copyOf(slotTypes);
        devices = List.copyOf(devices);
        computePlugins = Map.copyOf(computePlugins);
        runtimes = Map.copyOf(runtimes);
    }

    /** Returns what healthy devices have together. */
    public SlotAmounts availableSlots() {
        return devices.stream()
                .filter(DeviceCapacity::isHealthy)
                .map(device -> SlotAmounts.of(device.slot(), device.amount()))
                .reduce(SlotAmounts.NONE, SlotAmounts::plus);
    }
}
