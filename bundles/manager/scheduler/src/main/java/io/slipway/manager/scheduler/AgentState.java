package io.slipway.manager.scheduler;

import io.slipway.manager.store.AgentRecord;
import io.slipway.model.agent.AgentId;
import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.agent.DeviceCapacity;
import io.slipway.model.agent.DeviceId;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import io.slipway.scheduling.spi.AgentCandidate;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * An agent with what is taken of it. Immutable.
 *
 * @param id which
 * @param architecture of its node
 * @param devices every device
 * @param taken what is held, at most one entry per device and slot
 * @param capacity what healthy devices have
 * @param free what of the capacity is not taken; never below zero
 * @param kernels how many kernels hold something
 */
record AgentState(
        AgentId id,
        String architecture,
        List<DeviceCapacity> devices,
        List<DeviceAllocation> taken,
        SlotAmounts capacity,
        SlotAmounts free,
        int kernels) {

    private record Key(DeviceId device, SlotName slot) {}

    /** Returns an agent whose kernels hold these allocations. */
    static AgentState of(AgentRecord record, Collection<List<DeviceAllocation>> held) {
        var empty = new AgentState(
                record.id(),
                record.architecture(),
                record.devices(),
                List.of(),
                record.availableSlots(),
                record.availableSlots(),
                0);
        return empty.with(held.stream().flatMap(List::stream).toList(), held.size());
    }

    /** Returns this agent after one more kernel took something. */
    AgentState with(List<DeviceAllocation> allocations) {
        return with(allocations, 1);
    }

    private AgentState with(List<DeviceAllocation> more, int moreKernels) {
        var sums = new LinkedHashMap<Key, BigDecimal>();
        taken.forEach(one -> sums.merge(new Key(one.device(), one.slot()), one.amount(), BigDecimal::add));
        more.forEach(one -> sums.merge(new Key(one.device(), one.slot()), one.amount(), BigDecimal::add));
        var merged = new ArrayList<DeviceAllocation>();
        sums.forEach((key, amount) -> merged.add(new DeviceAllocation(key.device(), key.slot(), amount)));
        return new AgentState(
                id, architecture, devices, List.copyOf(merged), capacity, free(merged), kernels + moreKernels);
    }

    private SlotAmounts free(List<DeviceAllocation> merged) {
        var result = SlotAmounts.NONE;
        for (var device : devices) {
            if (device.isHealthy()) {
                var used = merged.stream()
                        .filter(one -> one.device().equals(device.device())
                                && one.slot().equals(device.slot()))
                        .map(DeviceAllocation::amount)
                        .reduce(BigDecimal.ZERO, BigDecimal::add);
                result = result.plus(SlotAmounts.of(
                        device.slot(), device.amount().subtract(used).max(BigDecimal.ZERO)));
            }
        }
        return result;
    }

    AgentCandidate candidate() {
        return new AgentCandidate(id, capacity, free, kernels);
    }
}
