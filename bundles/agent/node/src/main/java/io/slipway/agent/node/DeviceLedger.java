package io.slipway.agent.node;

import io.slipway.allocation.AllocationResult;
import io.slipway.allocation.DeviceAllocator;
import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.agent.DeviceCapacity;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.slot.SlotAmounts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** Who holds which devices: all or nothing, and given back exactly once because it is kept by kernel. Thread-safe. */
final class DeviceLedger {

    private final ReentrantLock lock = new ReentrantLock();
    // guarded by lock
    private final Map<KernelId, List<DeviceAllocation>> held = new HashMap<>();

    /** Takes devices for a kernel that holds none, or tells what is lacking. */
    AllocationResult commit(KernelId kernel, SlotAmounts request, List<DeviceCapacity> devices) {
        lock.lock();
        try {
            if (held.containsKey(kernel)) {
                throw new IllegalStateException("kernel " + kernel + " holds devices already");
            }
            var taken = held.values().stream().flatMap(List::stream).toList();
            var result = DeviceAllocator.allocate(request, devices, taken);
            if (result instanceof AllocationResult.Allocated(var allocations)) {
                held.put(kernel, allocations);
            }
            return result;
        } finally {
            lock.unlock();
        }
    }

    /** Notes what a kernel of an earlier process of the agent holds. */
    void restore(KernelId kernel, List<DeviceAllocation> allocations) {
        lock.lock();
        try {
            held.put(kernel, List.copyOf(allocations));
        } finally {
            lock.unlock();
        }
    }

    /** Gives back what a kernel holds; nothing happens if it holds nothing. */
    void free(KernelId kernel) {
        lock.lock();
        try {
            held.remove(kernel);
        } finally {
            lock.unlock();
        }
    }

    /** Returns what is held by all kernels together. */
    SlotAmounts occupied() {
        lock.lock();
        try {
            return held.values().stream()
                    .flatMap(List::stream)
                    .map(allocation -> SlotAmounts.of(allocation.slot(), allocation.amount()))
                    .reduce(SlotAmounts.NONE, SlotAmounts::plus);
        } finally {
            lock.unlock();
        }
    }
}
