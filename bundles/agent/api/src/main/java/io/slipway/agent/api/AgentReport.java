package io.slipway.agent.api;

import io.slipway.model.agent.AgentId;
import io.slipway.model.agent.DeviceCapacity;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import io.slipway.model.slot.SlotType;
import java.util.List;
import java.util.Map;

/**
 * What an agent is and has.
 *
 * @param agent its id
 * @param resourceGroup the group it asks to join when it is new; afterwards the manager's table decides
 * @param address where it is reached, for people, such as {@code local} or {@code tcp://10.0.0.7:6011}
 * @param version the product version it runs
 * @param architecture such as {@code x86_64}
 * @param slotTypes every slot it has, with type
 * @param devices every device with capacity and health
 * @param computePlugins accelerator plug-in id to version
 * @param runtimes runtime plug-in id to what it says of itself, such as {@code limits not enforced}
 * @param installedImages canonical names of images that are on the node
 * @param liveStat measured use of the node: metric name to value text, may be empty
 * @param kernels measured use of the kernels that run and can be measured
 */
public record AgentReport(
        AgentId agent,
        String resourceGroup,
        String address,
        String version,
        String architecture,
        Map<SlotName, SlotType> slotTypes,
        List<DeviceCapacity> devices,
        Map<String, String> computePlugins,
        Map<String, String> runtimes,
        List<String> installedImages,
        Map<String, String> liveStat,
        Map<KernelId, KernelUse> kernels) {

    /** Copies. */
    public AgentReport {
        slotTypes = Map.copyOf(slotTypes);
        devices = List.copyOf(devices);
        computePlugins = Map.copyOf(computePlugins);
        runtimes = Map.copyOf(runtimes);
        installedImages = List.copyOf(installedImages);
        liveStat = Map.copyOf(liveStat);
        kernels = Map.copyOf(kernels);
    }

    /** Returns what healthy devices have together. */
    public SlotAmounts availableSlots() {
        return devices.stream()
                .filter(DeviceCapacity::isHealthy)
                .map(device -> SlotAmounts.of(device.slot(), device.amount()))
                .reduce(SlotAmounts.NONE, SlotAmounts::plus);
    }
}
