package io.slipway.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.agent.DeviceCapacity;
import io.slipway.model.agent.DeviceId;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DeviceAllocatorTest {

    private static final SlotName GPU = new SlotName("cuda.device");
    private static final SlotName SHARES = new SlotName("cuda.shares");

    private final List<DeviceCapacity> devices = new ArrayList<>();
    private final List<DeviceAllocation> taken = new ArrayList<>();

    @Test
    void givesNothingToARequestForNothing() {
        assertEquals(List.of(), given(Map.of()));
    }

    @Test
    void takesWholeCoresOfTheEmptiestNode() {
        cores(0, "0", "1", "2", "3");
        cores(1, "4", "5", "6", "7");
        take("0", "1");
        assertEquals(List.of("cpu 4 1", "cpu 5 1"), given(Map.of(SlotName.CPU, "2")));
    }

    @Test
    void keepsSlotsOfOneRequestOnOneNode() {
        cores(0, "0", "1", "2", "3", "8", "9");
        cores(1, "4", "5", "6", "7");
        device("gpu0", GPU, "1", 1);
        assertEquals(List.of("cpu 4 1", "cpu 5 1", "cuda.device gpu0 1"), given(Map.of(SlotName.CPU, "2", GPU, "1")));
    }

    @Test
    void goesOverNodesWhenOneIsTooSmall() {
        cores(0, "0", "1");
        cores(1, "2", "3", "4");
        assertEquals(List.of("cpu 0 1", "cpu 2 1", "cpu 3 1", "cpu 4 1"), given(Map.of(SlotName.CPU, "4")));
    }

    @Test
    void putsAPartOnADeviceThatIsBrokenInto() {
        device("a", SHARES, "1", 0);
        device("b", SHARES, "1", 0);
        device("c", SHARES, "1", 0);
        taken.add(new DeviceAllocation(new DeviceId("b"), SHARES, new BigDecimal("0.3")));
        taken.add(new DeviceAllocation(new DeviceId("c"), SHARES, new BigDecimal("0.5")));
        assertEquals(List.of("cuda.shares c 0.5"), given(Map.of(SHARES, "0.5")));
        assertEquals(List.of("cuda.shares b 0.6"), given(Map.of(SHARES, "0.6")));
        assertEquals(List.of("cuda.shares a 0.8"), given(Map.of(SHARES, "0.8")));
        assertEquals(List.of("cuda.shares a 1", "cuda.shares b 0.7"), given(Map.of(SHARES, "1.7")));
    }

    @Test
    void breaksAFreshDeviceRatherThanSplitAPart() {
        device("a", SHARES, "1", 0);
        device("b", SHARES, "1", 0);
        device("c", SHARES, "1", 0);
        taken.add(new DeviceAllocation(new DeviceId("a"), SHARES, new BigDecimal("0.7")));
        taken.add(new DeviceAllocation(new DeviceId("b"), SHARES, new BigDecimal("0.7")));
        assertEquals(List.of("cuda.shares c 0.6"), given(Map.of(SHARES, "0.6")));
    }

    @Test
    void splitsOverPiecesWhenNothingElseIsLeft() {
        device("a", SHARES, "1", 0);
        device("b", SHARES, "1", 0);
        taken.add(new DeviceAllocation(new DeviceId("a"), SHARES, new BigDecimal("0.7")));
        taken.add(new DeviceAllocation(new DeviceId("b"), SHARES, new BigDecimal("0.6")));
        assertEquals(List.of("cuda.shares a 0.1", "cuda.shares b 0.4"), given(Map.of(SHARES, "0.5")));
    }

    @Test
    void keepsBytesOnOneDeviceThatHoldsThem() {
        var memory = new SlotName("cuda.mem");
        device("large", memory, "16000", 0);
        device("small", memory, "8000", 0);
        assertEquals(List.of("cuda.mem large 10000"), given(Map.of(memory, "10000")));
        assertEquals(List.of("cuda.mem small 8000"), given(Map.of(memory, "8000")));
        assertEquals(List.of("cuda.mem large 16000", "cuda.mem small 1"), given(Map.of(memory, "16001")));
    }

    @Test
    void saysWhatIsLackingAndTakesNothing() {
        cores(0, "0", "1");
        device("root", SlotName.MEM, "1000", -1);
        var answer = DeviceAllocator.allocate(amounts(Map.of(SlotName.CPU, "3", SlotName.MEM, "10")), devices, taken);
        assertEquals(
                new AllocationResult.Insufficient(
                        SlotName.CPU, new BigDecimal("3"), new BigDecimal("2"), "needs 3 cpu, 2 free"),
                answer);
    }

    @Test
    void saysThatASlotIsUnknown() {
        assertInstanceOf(
                AllocationResult.Insufficient.class,
                DeviceAllocator.allocate(amounts(Map.of(GPU, "1")), devices, taken));
    }

    @Test
    void passesOverSickDevicesAndThoseThatHoldTooMuch() {
        devices.add(new DeviceCapacity(new DeviceId("sick"), GPU, BigDecimal.ONE, false, 0));
        device("shrunk", GPU, "1", 0);
        device("fine", GPU, "1", 0);
        taken.add(new DeviceAllocation(new DeviceId("shrunk"), GPU, new BigDecimal("2")));
        taken.add(new DeviceAllocation(new DeviceId("gone"), GPU, BigDecimal.ONE));
        assertEquals(List.of("cuda.device fine 1"), given(Map.of(GPU, "1")));
    }

    @Test
    void refusesNegativeAmounts() {
        cores(0, "0");
        assertThrows(IllegalArgumentException.class, () -> given(Map.of(SlotName.CPU, "-1")));
    }

    private void cores(int node, String... ids) {
        for (var id : ids) {
            device(id, SlotName.CPU, "1", node);
        }
    }

    private void device(String id, SlotName slot, String amount, int node) {
        devices.add(new DeviceCapacity(new DeviceId(id), slot, new BigDecimal(amount), true, node));
    }

    private void take(String... cores) {
        for (var core : cores) {
            taken.add(new DeviceAllocation(new DeviceId(core), SlotName.CPU, BigDecimal.ONE));
        }
    }

    private List<String> given(Map<SlotName, String> request) {
        var answer = DeviceAllocator.allocate(amounts(request), devices, taken);
        return assertInstanceOf(AllocationResult.Allocated.class, answer, answer::toString).allocations().stream()
                .map(part ->
                        part.slot() + " " + part.device() + " " + part.amount().toPlainString())
                .toList();
    }

    private static SlotAmounts amounts(Map<SlotName, String> amounts) {
        var result = new TreeMap<SlotName, BigDecimal>();
        amounts.forEach((slot, amount) -> result.put(slot, new BigDecimal(amount)));
        return SlotAmounts.of(result);
    }
}
