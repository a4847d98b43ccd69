package io.slipway.agent.node;

import io.slipway.accelerator.spi.AcceleratorException;
import io.slipway.accelerator.spi.AcceleratorProvider;
import io.slipway.accelerator.spi.ContainerGrant;
import io.slipway.accelerator.spi.Device;
import io.slipway.accelerator.spi.Health;
import io.slipway.accelerator.spi.Inventory;
import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.agent.DeviceId;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import io.slipway.model.slot.SlotType;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Devices of one slot. */
final class FakeAccelerator implements AcceleratorProvider {

    private final SlotName slot;
    private final List<Device> devices;
    volatile @Nullable String failure;
    volatile List<String> deviceNodes = List.of();

    FakeAccelerator(SlotName slot, int count, long each) {
        this.slot = slot;
        this.devices = IntStream.range(0, count)
                .mapToObj(i -> new Device(
                        new DeviceId(slot + "-" + i),
                        "fake",
                        SlotAmounts.of(slot, BigDecimal.valueOf(each)),
                        new Health.Healthy(),
                        -1))
                .toList();
    }

    @Override
    public Map<SlotName, SlotType> slots() {
        return Map.of(slot, SlotType.COUNT);
    }

    @Override
    public Inventory inventory() throws AcceleratorException {
        var message = failure;
        if (message != null) {
            throw new AcceleratorException(message);
        }
        return new Inventory(devices);
    }

    @Override
    public ContainerGrant grant(List<DeviceAllocation> allocations) {
        return new ContainerGrant(
                Map.of(
                        "GRANTED_" + slot.value().toUpperCase(java.util.Locale.ROOT),
                        String.valueOf(allocations.size())),
                deviceNodes,
                Map.of(),
                List.of());
    }
}
