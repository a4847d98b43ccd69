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
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

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
        var taken = merged(held.stream().flatMap(List::stream));
        return new AgentState(
                record.id(),
                record.architecture(),
                record.devices(),
                taken,
                record.availableSlots(),
                free(record.devices(), taken),
                held.size());
    }

    /** Returns this agent after one more kernel took something that was free. */
    AgentState with(List<DeviceAllocation> allocations) {
        return new AgentState(
                id,
                architecture,
                devices,
                merged(Stream.concat(taken.stream(), allocations.stream())),
                capacity,
                free.minus(sum(allocations)),
                kernels + 1);
    }

    static SlotAmounts sum(List<DeviceAllocation> allocations) {
        var result = new TreeMap<SlotName, BigDecimal>();
        allocations.forEach(one -> result.merge(one.slot(), one.amount(), BigDecimal::add));
        return new SlotAmounts(result);
    }

    private static List<DeviceAllocation> merged(Stream<DeviceAllocation> allocations) {
        var sums = new LinkedHashMap<Key, BigDecimal>();
        allocations.forEach(one -> sums.merge(new Key(one.device(), one.slot()), one.amount(), BigDecimal::add));
        return sums.entrySet().stream()
                .map(sum ->
                        new DeviceAllocation(sum.getKey().device(), sum.getKey().slot(), sum.getValue()))
                .toList();
    }

    /** What healthy devices have left; a device that holds more than it has, since it shrank, has nothing left. */
    private static SlotAmounts free(List<DeviceCapacity> devices, List<DeviceAllocation> taken) {
        var used = new HashMap<Key, BigDecimal>();
        taken.forEach(one -> used.put(new Key(one.device(), one.slot()), one.amount()));
        var result = new TreeMap<SlotName, BigDecimal>();
        devices.stream().filter(DeviceCapacity::isHealthy).forEach(device -> {
            var left = device.amount()
                    .subtract(used.getOrDefault(new Key(device.device(), device.slot()), BigDecimal.ZERO))
                    .max(BigDecimal.ZERO);
            result.merge(device.slot(), left, BigDecimal::add);
        });
        return new SlotAmounts(result);
    }

    AgentCandidate candidate() {
        return new AgentCandidate(id, capacity, free, kernels);
    }
}
