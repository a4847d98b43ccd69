package io.slipway.accelerator.mock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.accelerator.spi.AcceleratorProvider;
import io.slipway.accelerator.spi.Health;
import io.slipway.accelerator.testkit.AcceleratorProviderContract;
import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.agent.DeviceId;
import io.slipway.model.slot.SlotName;
import io.slipway.model.slot.SlotType;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MockAcceleratorProviderTest extends AcceleratorProviderContract {

    private static final String SLOTS = "mock.device=count mock.mem=bytes mock.whole=unique";
    private static final String DEVICES =
            "mock1 mock.device=1 mock.mem=16g @1; mock0 mock.device=2.5 ! fell off the bus";

    @Override
    protected AcceleratorProvider provider() {
        return new MockAcceleratorProvider(SLOTS, DEVICES);
    }

    @Test
    void hasSlotsOfAnyNameAndType() {
        assertEquals(
                Map.of(
                        new SlotName("mock.device"), SlotType.COUNT,
                        new SlotName("mock.mem"), SlotType.BYTES,
                        new SlotName("mock.whole"), SlotType.UNIQUE),
                provider().slots());
    }

    @Test
    void hasTheDevicesOfTheSettings() throws Exception {
        var devices = provider().inventory().devices();
        assertEquals(
                new Health.Unhealthy("fell off the bus"), devices.getFirst().health());
        assertEquals(new BigDecimal("2.5"), devices.getFirst().capacity().get(new SlotName("mock.device")));
        assertEquals(new Health.Healthy(), devices.getLast().health());
        assertEquals(1, devices.getLast().numaNode());
        assertEquals(BigDecimal.valueOf(16L << 30), devices.getLast().capacity().get(new SlotName("mock.mem")));
    }

    @Test
    void findsItselfUnfitWithoutADevice() {
        assertEquals(List.of(), new MockAcceleratorProvider(SLOTS, DEVICES).selfCheck());
        assertEquals(List.of("the setting devices names none"), new MockAcceleratorProvider(SLOTS, "").selfCheck());
    }

    @Test
    void tellsTheContainerWhichShareItGot() {
        var half = new DeviceAllocation(new DeviceId("mock1"), new SlotName("mock.device"), new BigDecimal("0.5"));
        assertEquals(
                Map.of("MOCK_DEVICES", "mock1/mock.device=0.5"),
                provider().grant(List.of(half)).environment());
    }

    @Test
    void mayHaveNoDeviceAtAll() throws Exception {
        assertTrue(new MockAcceleratorProvider(SLOTS, " ").inventory().devices().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mock0",
                "mock0 cpu=1",
                "mock0 mock.device=0",
                "mock0 mock.device",
                "a mock.device=1;a mock.device=1"
            })
    void refusesDevicesThatMakeNoSense(String devices) {
        assertThrows(IllegalArgumentException.class, () -> new MockAcceleratorProvider(SLOTS, devices));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "mock.device", "mock.device=many", "Mock=count"})
    void refusesSlotsThatMakeNoSense(String slots) {
        assertThrows(IllegalArgumentException.class, () -> new MockAcceleratorProvider(slots, ""));
    }
}
