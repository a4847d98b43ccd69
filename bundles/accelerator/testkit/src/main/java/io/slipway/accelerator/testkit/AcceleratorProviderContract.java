package io.slipway.accelerator.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.accelerator.spi.AcceleratorException;
import io.slipway.accelerator.spi.AcceleratorProvider;
import io.slipway.accelerator.spi.Device;
import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.agent.DeviceId;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link AcceleratorProvider} does. */
public abstract class AcceleratorProviderContract {

    /** For subclasses. */
    protected AcceleratorProviderContract() {}

    /** Returns a provider that has at least one healthy device. */
    protected abstract AcceleratorProvider provider();

    @Test
    void namesItsSlots() {
        assertFalse(provider().slots().isEmpty());
        assertEquals(provider().slots(), provider().slots());
    }

    @Test
    void listsDevicesOfItsSlotsOnly() throws AcceleratorException {
        var slots = provider().slots().keySet();
        for (var device : devices()) {
            assertTrue(slots.containsAll(device.capacity().amounts().keySet()), device::toString);
        }
    }

    @Test
    void listsTheSameDevicesAgainSorted() throws AcceleratorException {
        var ids = devices().stream().map(Device::id).toList();
        assertEquals(ids, ids.stream().distinct().toList(), "an id comes twice");
        assertEquals(
                ids, provider().inventory().devices().stream().map(Device::id).toList());
    }

    @Test
    void grantsWhatItListed() throws AcceleratorException {
        var provider = provider();
        var device = provider.inventory().devices().getFirst();
        var wanted = device.capacity().amounts().entrySet().stream()
                .map(entry -> new DeviceAllocation(device.id(), entry.getKey(), entry.getValue()))
                .toList();
        var grant = provider.grant(wanted);
        assertEquals(grant, provider.grant(wanted), "a grant has no side effect");
        grant.environment().keySet().forEach(name -> assertFalse(name.isBlank()));
    }

    @Test
    void refusesForeignDevices() throws AcceleratorException {
        var provider = provider();
        provider.inventory();
        var slot = provider.slots().keySet().iterator().next();
        var foreign = new DeviceAllocation(new DeviceId("no-such-device"), slot, BigDecimal.ONE);
        assertThrows(IllegalArgumentException.class, () -> provider.grant(List.of(foreign)));
    }

    private List<Device> devices() throws AcceleratorException {
        var devices = provider().inventory().devices();
        assertFalse(devices.isEmpty(), "the provider under test must have a device");
        return devices;
    }
}
