package io.slipway.itests.bad;

import io.slipway.accelerator.cpu.CpuAcceleratorProvider;
import io.slipway.accelerator.spi.AcceleratorException;
import io.slipway.accelerator.spi.AcceleratorProvider;
import io.slipway.accelerator.spi.ContainerGrant;
import io.slipway.accelerator.spi.Inventory;
import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.slot.SlotName;
import io.slipway.model.slot.SlotType;
import java.util.List;
import java.util.Map;

/** The cores, but they cannot be asked for or granted. */
public final class DisturbedCpus implements AcceleratorProvider {

    private final CpuAcceleratorProvider good;
    private final Fault fault;

    /** Used by the component runtime. */
    public DisturbedCpus(CpuAcceleratorProvider.Config config, Map<String, Object> properties) {
        good = new CpuAcceleratorProvider(config);
        fault = new Fault(properties);
    }

    /** Used by the component runtime. */
    public void deactivate() {
        fault.end();
    }

    @Override
    public Map<SlotName, SlotType> slots() {
        return good.slots();
    }

    @Override
    public Inventory inventory() throws AcceleratorException {
        fault.strike();
        return good.inventory();
    }

    @Override
    public ContainerGrant grant(List<DeviceAllocation> allocations) {
        fault.strike();
        return good.grant(allocations);
    }
}
