package io.slipway.allocation;

import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.agent.DeviceCapacity;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import io.slipway.model.slot.SlotType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Chooses devices for a request. Pure: equal input gives equal output, nothing is kept.
 *
 * <p>A slot of type {@link SlotType#BYTES} or with one device takes its amount from the devices with most free space
 * first; a counted slot takes whole devices where it can, those on the NUMA node with most free devices first.
 */
public final class DeviceAllocator {

    private DeviceAllocator() {}

    /**
     * Allocates.
     *
     * @param request what is asked for; a slot that no device has is insufficient
     * @param devices every device of the node
     * @param taken what live kernels hold
     */
    public static AllocationResult allocate(
            SlotAmounts request, List<DeviceCapacity> devices, List<DeviceAllocation> taken) {
        var result = new ArrayList<DeviceAllocation>();
        for (var entry : request.amounts().entrySet()) {
            var free = freeDevices(entry.getKey(), devices, taken);
            var total = free.stream().map(FreeDevice::free).reduce(BigDecimal.ZERO, BigDecimal::add);
            if (total.compareTo(entry.getValue()) < 0) {
                return new AllocationResult.Insufficient(
                        entry.getKey(), entry.getValue(), total, reason(entry.getKey(), entry.getValue(), total));
            }
            result.addAll(take(entry.getKey(), entry.getValue(), free));
        }
        return new AllocationResult.Allocated(result);
    }

    private static String reason(SlotName slot, BigDecimal requested, BigDecimal free) {
        return "needs " + requested.toPlainString() + " " + slot + ", " + free.toPlainString() + " free";
    }

    private static List<FreeDevice> freeDevices(
            SlotName slot, List<DeviceCapacity> devices, List<DeviceAllocation> taken) {
        var used = new HashMap<Object, BigDecimal>();
        taken.stream()
                .filter(allocation -> allocation.slot().equals(slot))
                .forEach(allocation -> used.merge(allocation.device(), allocation.amount(), BigDecimal::add));
        var free = devices.stream()
                .filter(device -> device.slot().equals(slot) && device.isHealthy())
                .map(device -> new FreeDevice(
                        device, device.amount().subtract(used.getOrDefault(device.device(), BigDecimal.ZERO))))
                .filter(device -> device.free().signum() > 0)
                .toList();
        var freeByNode = new HashMap<Integer, BigDecimal>();
        free.forEach(device -> freeByNode.merge(device.capacity().numaNode(), device.free(), BigDecimal::add));
        return free.stream().sorted(order(freeByNode)).toList();
    }

    private static Comparator<FreeDevice> order(Map<Integer, BigDecimal> freeByNode) {
        return Comparator.comparing((FreeDevice device) ->
                        freeByNode.getOrDefault(device.capacity().numaNode(), BigDecimal.ZERO))
                .reversed()
                .thenComparingInt(device -> device.capacity().numaNode())
                .thenComparing(FreeDevice::free, Comparator.reverseOrder())
                .thenComparing(device -> device.capacity().device());
    }

    private static List<DeviceAllocation> take(SlotName slot, BigDecimal amount, List<FreeDevice> free) {
        var result = new ArrayList<DeviceAllocation>();
        var missing = amount;
        for (var device : free) {
            if (missing.signum() <= 0) {
                break;
            }
            var part = missing.min(device.free());
            result.add(new DeviceAllocation(device.capacity().device(), slot, part));
            missing = missing.subtract(part);
        }
        return result;
    }

    private record FreeDevice(DeviceCapacity capacity, BigDecimal free) {}
}
