package io.slipway.accelerator.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.accelerator.spi.AcceleratorException;
import io.slipway.accelerator.spi.AcceleratorProvider;
import io.slipway.accelerator.spi.Device;
import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.agent.DeviceId;
import io.slipway.model.slot.SlotName;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What every {@link AcceleratorProvider} does. */
public abstract class AcceleratorProviderContract {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /** For subclasses. */
    protected AcceleratorProviderContract() {}

    /** Returns a new provider, over the same hardware each time, that has at least one healthy device. */
    protected abstract AcceleratorProvider provider();

    Duration limit() {
        return LIMIT;
    }

    @Test
    void namesItsSlots() {
        assertFalse(provider().slots().isEmpty());
        assertEquals(provider().slots(), provider().slots());
    }

    /** The second time is what counts: the first one loads classes, which takes as long as the machine is busy. */
    @Test
    void answersWithinTheLimit() {
        var provider = provider();
        for (var limit : List.of(limit().multipliedBy(12), limit())) {
            assertTimeoutPreemptively(limit, provider::slots, "slots");
            var devices = assertTimeoutPreemptively(limit, provider::inventory, "inventory")
                    .devices();
            var wanted =
                    devices.stream().flatMap(device -> all(device).stream()).toList();
            assertTimeoutPreemptively(limit, () -> provider.grant(wanted), "grant");
        }
    }

    @Test
    void endsInTimeWhenItsThreadIsInterrupted() throws Exception {
        var provider = provider();
        var devices = provider.inventory().devices();
        var wanted = all(devices.getFirst());
        var grant = provider.grant(wanted);
        for (var call : List.<Call>of(provider::slots, provider::inventory, () -> provider.grant(wanted))) {
            assertEndsInterrupted(call);
        }
        assertEquals(devices, provider.inventory().devices(), "it works on");
        assertEquals(grant, provider.grant(wanted), "it works on");
    }

    private interface Call {
        Object run() throws AcceleratorException;
    }

    private void assertEndsInterrupted(Call call) throws InterruptedException {
        var isStillInterrupted = new AtomicBoolean();
        var asking = Thread.ofPlatform().daemon().start(() -> {
            Thread.currentThread().interrupt();
            try {
                call.run();
            } catch (AcceleratorException | IllegalArgumentException e) {
                isStillInterrupted.set(Thread.currentThread().isInterrupted()); // to fail is as good as to answer
                return;
            }
            isStillInterrupted.set(Thread.currentThread().isInterrupted());
        });
        var limit = limit().multipliedBy(4); // it may be the machine that is slow
        assertTrue(asking.join(limit), () -> "still at work after " + limit);
        assertTrue(isStillInterrupted.get(), "the interrupt got lost");
    }

    @Test
    void listsDevicesOfItsSlotsOnly() throws AcceleratorException {
        var slots = provider().slots().keySet();
        for (var device : devices()) {
            assertTrue(slots.containsAll(device.capacity().amounts().keySet()), device::toString);
            assertFalse(device.capacity().isEmpty(), () -> device + " has nothing to give");
            device.capacity().amounts().values().forEach(amount -> assertTrue(amount.signum() > 0, device::toString));
        }
    }

    @Test
    void listsTheSameDevicesAgainSorted() throws AcceleratorException {
        var ids = devices().stream().map(Device::id).toList();
        assertEquals(ids, ids.stream().distinct().sorted().toList(), "sorted by id, each once");
        assertEquals(
                ids,
                provider().inventory().devices().stream().map(Device::id).toList(),
                "another instance, as after a restart, knows the devices by the same ids");
    }

    @Test
    void grantsWhatItListed() throws AcceleratorException {
        var provider = provider();
        for (var device : provider.inventory().devices()) {
            var wanted = all(device);
            var grant = provider.grant(wanted);
            assertEquals(grant, provider.grant(wanted), "a grant has no side effect");
            grant.environment()
                    .keySet()
                    .forEach(name -> assertTrue(NAME.matcher(name).matches(), name));
            grant.deviceNodes().forEach(node -> assertTrue(Path.of(node).isAbsolute(), node));
            grant.mounts().forEach((host, inside) -> {
                assertTrue(Path.of(host).isAbsolute(), host);
                assertTrue(Path.of(inside).isAbsolute(), inside);
            });
        }
    }

    @Test
    void grantsAllDevicesTogether() throws AcceleratorException {
        var provider = provider();
        var wanted = provider.inventory().devices().stream()
                .flatMap(device -> all(device).stream())
                .toList();
        assertEquals(provider.grant(wanted), provider.grant(wanted));
    }

    @Test
    void grantsWithoutAnInventoryBefore() throws AcceleratorException {
        var wanted = all(provider().inventory().devices().getFirst());
        assertEquals(provider().grant(wanted), provider().grant(wanted), "as after a restart of the plug-in");
    }

    @Test
    void refusesForeignDevices() throws AcceleratorException {
        var provider = provider();
        provider.inventory();
        var slot = provider.slots().keySet().iterator().next();
        var foreign = new DeviceAllocation(new DeviceId("no-such-device"), slot, BigDecimal.ONE);
        assertThrows(IllegalArgumentException.class, () -> provider.grant(List.of(foreign)));
    }

    @Test
    void refusesForeignSlots() throws AcceleratorException {
        var provider = provider();
        var device = provider.inventory().devices().getFirst();
        var foreign = new DeviceAllocation(device.id(), new SlotName("no-such-slot"), BigDecimal.ONE);
        assertThrows(IllegalArgumentException.class, () -> provider.grant(List.of(foreign)));
    }

    private static List<DeviceAllocation> all(Device device) {
        return device.capacity().amounts().entrySet().stream()
                .map(entry -> new DeviceAllocation(device.id(), entry.getKey(), entry.getValue()))
                .toList();
    }

    private List<Device> devices() throws AcceleratorException {
        var devices = provider().inventory().devices();
        assertFalse(devices.isEmpty(), "the provider under test must have a device");
        return devices;
    }
}
