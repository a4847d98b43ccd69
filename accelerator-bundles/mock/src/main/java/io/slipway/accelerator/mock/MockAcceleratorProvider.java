package io.slipway.accelerator.mock;

import io.slipway.accelerator.spi.AcceleratorProvider;
import io.slipway.accelerator.spi.ContainerGrant;
import io.slipway.accelerator.spi.Device;
import io.slipway.accelerator.spi.Inventory;
import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.agent.DeviceId;
import io.slipway.model.slot.SlotName;
import io.slipway.model.slot.SlotType;
import io.slipway.plugin.api.SelfCheck;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Devices that exist in the settings alone. It keeps no state, so that another instance, as after a restart or a swap,
 * knows the same devices and grants the same.
 */
@Component(
        service = AcceleratorProvider.class,
        property = "slipway.plugin.id=mock",
        configurationPid = "io.slipway.accelerator.mock")
@Designate(ocd = MockAcceleratorProvider.Config.class)
public final class MockAcceleratorProvider implements AcceleratorProvider, SelfCheck {

    /** Operator settings. */
    @ObjectClassDefinition(name = "Slipway accelerator mock")
    public @interface Config {
        /** The slots. */
        @AttributeDefinition(description = "The slots as NAME=TYPE, blanks between; types are count, bytes and unique")
        String slots() default "mock.device=count";

        /** The devices. */
        @AttributeDefinition(
                description = "The devices, semicolons between: ID SLOT=AMOUNT..., then @N for NUMA node N, then"
                        + " ! REASON if it is unhealthy; part of an amount may be granted, so 1 can be shared")
        String devices() default "mock0 mock.device=1; mock1 mock.device=1";
    }

    private final Map<SlotName, SlotType> slots;
    private final List<Device> devices;
    private final Map<DeviceId, Device> byId;

    /** Used by the component runtime. */
    @Activate
    public MockAcceleratorProvider(Config config) {
        this(config.slots(), config.devices());
    }

    MockAcceleratorProvider(String slots, String devices) {
        this.slots = MockDevices.slots(slots);
        this.devices = MockDevices.devices(devices, this.slots);
        this.byId = this.devices.stream().collect(Collectors.toUnmodifiableMap(Device::id, Function.identity()));
    }

    @Override
    public Map<SlotName, SlotType> slots() {
        return slots;
    }

    /** A real family would ask its driver; what is amiss with single devices is in the inventory. */
    @Override
    public List<String> selfCheck() {
        return devices.isEmpty() ? List.of("the setting devices names none") : List.of();
    }

    @Override
    public Inventory inventory() {
        return new Inventory(devices);
    }

    /** Tells the container what it got, as a real family would by device nodes: {@code MOCK_DEVICES=mock0/mock.device=1}. */
    @Override
    public ContainerGrant grant(List<DeviceAllocation> allocations) {
        allocations.forEach(this::check);
        var granted = allocations.stream()
                .map(part ->
                        part.device() + "/" + part.slot() + "=" + part.amount().toPlainString())
                .sorted()
                .collect(Collectors.joining(","));
        return new ContainerGrant(Map.of("MOCK_DEVICES", granted), List.of(), Map.of(), List.of());
    }

    private void check(DeviceAllocation part) {
        var device = byId.get(part.device());
        if (device == null || device.capacity().get(part.slot()).signum() == 0) {
            throw new IllegalArgumentException(
                    "no " + part.slot() + " on '" + part.device() + "'; there is " + byId.keySet());
        }
    }
}
