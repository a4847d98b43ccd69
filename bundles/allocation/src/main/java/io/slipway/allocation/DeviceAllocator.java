package io.slipway.allocation;

import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.agent.DeviceCapacity;
import io.slipway.model.agent.DeviceId;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Chooses devices for a request. Pure: equal input gives equal output, nothing is kept; any thread may call.
 *
 * <p>What is promised: everything that is asked for is given, or nothing; a request is given if, and only if, of each slot
 * the healthy devices together have so much free. No device gives more than it has free.
 *
 * <p>What is tried for each slot, in this order: one device that holds all of it, the tightest, so that no fresh device is
 * broken into while a broken one will do; whole devices as long as the amount fills them, and one device for the rest;
 * pieces, the largest first. Among equals, devices of one NUMA node come first, the same node for all slots of the request.
 */
public final class DeviceAllocator {

    private DeviceAllocator() {}

    /**
     * Allocates.
     *
     * @param request what is asked for, nothing below zero; a slot that no device has is insufficient
     * @param devices every device of the node, each at most once per slot
     * @param taken what live kernels hold, in any order; of devices that are gone too
     * @throws IllegalArgumentException if an amount is below zero
     */
    public static AllocationResult allocate(
            SlotAmounts request, List<DeviceCapacity> devices, List<DeviceAllocation> taken) {
        var free = new TreeMap<SlotName, List<FreeDevice>>();
        for (var entry : request.amounts().entrySet()) {
            var slot = entry.getKey();
            var amount = entry.getValue();
            if (amount.signum() < 0) {
                throw new IllegalArgumentException("request of " + amount + " " + slot);
            }
            var ofSlot = freeDevices(slot, devices, taken);
            var total = total(ofSlot);
            if (total.compareTo(amount) < 0) {
                return new AllocationResult.Insufficient(slot, amount, total, reason(slot, amount, total));
            }
            free.put(slot, ofSlot);
        }
        var nodes = NodeRanks.of(request, free);
        var result = new ArrayList<DeviceAllocation>();
        free.forEach((slot, ofSlot) -> take(slot, request.get(slot), nodes.inOrder(ofSlot), result));
        result.sort(Comparator.comparing(DeviceAllocation::slot).thenComparing(DeviceAllocation::device));
        return new AllocationResult.Allocated(result);
    }

    private static String reason(SlotName slot, BigDecimal requested, BigDecimal free) {
        return "needs " + requested.toPlainString() + " " + slot + ", " + free.toPlainString() + " free";
    }

    private static List<FreeDevice> freeDevices(
            SlotName slot, List<DeviceCapacity> devices, List<DeviceAllocation> taken) {
        var used = used(slot, taken);
        var free = new ArrayList<FreeDevice>();
        for (var device : devices) {
            if (device.slot().equals(slot) && device.isHealthy()) {
                var amount = device.amount().subtract(used.getOrDefault(device.device(), BigDecimal.ZERO));
                if (amount.signum() > 0) {
                    free.add(new FreeDevice(device, amount));
                }
            }
        }
        return free;
    }

    private static Map<DeviceId, BigDecimal> used(SlotName slot, List<DeviceAllocation> taken) {
        var used = new HashMap<DeviceId, BigDecimal>();
        for (var allocation : taken) {
            if (allocation.slot().equals(slot)) {
                used.merge(allocation.device(), allocation.amount(), BigDecimal::add);
            }
        }
        return used;
    }

    static BigDecimal total(List<FreeDevice> devices) {
        var total = BigDecimal.ZERO;
        for (var device : devices) {
            total = total.add(device.free());
        }
        return total;
    }

    /** Takes from devices in order of preference; they have enough together. */
    private static void take(
            SlotName slot, BigDecimal amount, List<FreeDevice> devices, List<DeviceAllocation> result) {
        if (takeFromOne(slot, amount, devices, result)) {
            return;
        }
        var rest = amount;
        var left = new ArrayList<FreeDevice>();
        for (var device : devices) {
            if (device.isWhole() && device.free().compareTo(rest) <= 0) {
                result.add(device.give(slot, device.free()));
                rest = rest.subtract(device.free());
            } else {
                left.add(device);
            }
        }
        if (rest.signum() > 0 && !takeFromOne(slot, rest, left, result)) {
            takePieces(slot, rest, left, result);
        }
    }

    /** Takes all from the tightest device that holds it; false if none does. */
    private static boolean takeFromOne(
            SlotName slot, BigDecimal amount, List<FreeDevice> devices, List<DeviceAllocation> result) {
        FreeDevice tightest = null;
        for (var device : devices) {
            if (device.free().compareTo(amount) >= 0 && (tightest == null || device.isTighterThan(tightest))) {
                tightest = device;
            }
        }
        if (tightest == null) {
            return false;
        }
        result.add(tightest.give(slot, amount));
        return true;
    }

    private static void takePieces(
            SlotName slot, BigDecimal amount, List<FreeDevice> devices, List<DeviceAllocation> result) {
        var rest = amount;
        devices.sort(Comparator.comparing(FreeDevice::free).reversed());
        for (var device : devices) {
            if (rest.signum() > 0) {
                var part = rest.min(device.free());
                result.add(device.give(slot, part));
                rest = rest.subtract(part);
            }
        }
    }
}
