package io.slipway.accelerator.testkit;

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
import java.util.concurrent.Semaphore;

/** A provider of one device, with a fault. */
final class OneDevice implements AcceleratorProvider {

    /** What is wrong with it. */
    enum Fault {
        NOTHING,
        SLOTS_HANG,
        INVENTORY_HANGS,
        GRANT_HANGS,
        INVENTORY_HANGS_WHEN_INTERRUPTED,
        GRANT_HANGS_WHEN_INTERRUPTED,
        FORGETS_THE_INTERRUPT,
        LOSES_ITS_DEVICE_WHEN_INTERRUPTED,
        GRANTS_OTHERWISE_AFTER_AN_INTERRUPT,
        BREAKS_WHEN_INTERRUPTED
    }

    private static final SlotName SLOT = new SlotName("test.device");
    private static final DeviceId ID = new DeviceId("one");

    /** Never given back: whoever asks for it waits for ever. */
    private static final Semaphore NEVER = new Semaphore(0);

    private final Fault fault;
    private volatile boolean wasInterrupted;

    OneDevice(Fault fault) {
        this.fault = fault;
    }

    private void begin(Fault hangs, Fault hangsWhenInterrupted) {
        if (fault == hangs) {
            waitUntilInterrupted();
        }
        if (!Thread.currentThread().isInterrupted()) {
            return;
        }
        wasInterrupted = true;
        if (fault == hangsWhenInterrupted) {
            NEVER.acquireUninterruptibly();
        }
        if (fault == Fault.FORGETS_THE_INTERRUPT && Thread.interrupted()) {
            throw new IllegalArgumentException("interrupted");
        }
        if (fault == Fault.BREAKS_WHEN_INTERRUPTED) {
            throw new IllegalStateException("broken");
        }
    }

    private static void waitUntilInterrupted() {
        try {
            NEVER.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Map<SlotName, SlotType> slots() {
        begin(Fault.SLOTS_HANG, Fault.INVENTORY_HANGS_WHEN_INTERRUPTED);
        return Map.of(SLOT, SlotType.COUNT);
    }

    @Override
    public Inventory inventory() throws AcceleratorException {
        begin(Fault.INVENTORY_HANGS, Fault.INVENTORY_HANGS_WHEN_INTERRUPTED);
        if (wasInterrupted && fault == Fault.LOSES_ITS_DEVICE_WHEN_INTERRUPTED) {
            return new Inventory(List.of());
        }
        var one = SlotAmounts.of(SLOT, BigDecimal.ONE);
        return new Inventory(List.of(new Device(ID, "test", one, new Health.Healthy(), -1)));
    }

    @Override
    public ContainerGrant grant(List<DeviceAllocation> allocations) {
        begin(Fault.GRANT_HANGS, Fault.GRANT_HANGS_WHEN_INTERRUPTED);
        if (allocations.stream()
                .anyMatch(each -> !each.device().equals(ID) || !each.slot().equals(SLOT))) {
            throw new IllegalArgumentException("not mine: " + allocations);
        }
        return wasInterrupted && fault == Fault.GRANTS_OTHERWISE_AFTER_AN_INTERRUPT
                ? new ContainerGrant(Map.of("OTHER", "1"), List.of(), Map.of(), List.of())
                : ContainerGrant.NOTHING;
    }
}
