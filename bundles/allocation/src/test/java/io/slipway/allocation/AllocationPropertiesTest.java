package io.slipway.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.agent.DeviceCapacity;
import io.slipway.model.agent.DeviceId;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every machine, load and request; a failure names the seed that shows it again. */
class AllocationPropertiesTest {

    private static final List<SlotName> SLOTS =
            List.of(SlotName.CPU, SlotName.MEM, new SlotName("cuda.device"), new SlotName("cuda.shares"));

    /** A machine with kernels coming and going on it. */
    private static final class Machine {

        private final RandomGenerator random;
        private final List<DeviceCapacity> devices = new ArrayList<>();
        private final List<List<DeviceAllocation>> kernels = new ArrayList<>();

        Machine(RandomGenerator random) {
            this.random = random;
            for (var slot : SLOTS) {
                for (var i = random.nextInt(9); i > 0; i--) {
                    devices.add(new DeviceCapacity(
                            new DeviceId(slot + "-" + i),
                            slot,
                            capacity(slot),
                            random.nextInt(10) > 0,
                            random.nextInt(-1, 3)));
                }
            }
        }

        private BigDecimal capacity(SlotName slot) {
            return BigDecimal.valueOf(slot.equals(SlotName.MEM) ? random.nextInt(1, 100) << 20 : 1);
        }

        SlotAmounts request() {
            var request = new HashMap<SlotName, BigDecimal>();
            for (var slot : SLOTS) {
                if (random.nextBoolean()) {
                    request.put(slot, amount(slot));
                }
            }
            return SlotAmounts.of(request);
        }

        private BigDecimal amount(SlotName slot) {
            if (slot.equals(SlotName.MEM)) {
                return BigDecimal.valueOf(random.nextLong(1, 200L << 20));
            }
            return slot.value().endsWith("shares")
                    ? BigDecimal.valueOf(random.nextInt(1, 250), 2)
                    : BigDecimal.valueOf(random.nextInt(1, 5));
        }

        List<DeviceAllocation> taken() {
            return kernels.stream().flatMap(List::stream).toList();
        }

        BigDecimal free(DeviceCapacity device) {
            return taken().stream()
                    .filter(part ->
                            part.slot().equals(device.slot()) && part.device().equals(device.device()))
                    .map(DeviceAllocation::amount)
                    .reduce(device.amount(), BigDecimal::subtract);
        }

        BigDecimal free(SlotName slot) {
            return devices.stream()
                    .filter(device -> device.slot().equals(slot) && device.isHealthy())
                    .map(this::free)
                    .reduce(BigDecimal.ZERO, BigDecimal::add);
        }
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void givesAllOrNothingAndNeverTooMuch(long seed) {
        var machine = new Machine(new Random(seed));
        for (var step = 0; step < 40; step++) {
            var request = machine.request();
            var fits = request.amounts().entrySet().stream()
                    .allMatch(entry -> machine.free(entry.getKey()).compareTo(entry.getValue()) >= 0);
            var answer = DeviceAllocator.allocate(request, machine.devices, machine.taken());
            assertEquals(fits, answer instanceof AllocationResult.Allocated, answer::toString);
            if (answer instanceof AllocationResult.Allocated(var parts)) {
                assertEquals(request, sum(parts));
                machine.kernels.add(parts);
            }
            check(machine);
            if (machine.random.nextInt(3) == 0 && !machine.kernels.isEmpty()) {
                machine.kernels.remove(machine.random.nextInt(machine.kernels.size()));
            }
        }
    }

    private static void check(Machine machine) {
        for (var device : machine.devices) {
            assertTrue(machine.free(device).signum() >= 0, () -> device + " gives more than it has");
            assertTrue(
                    device.isHealthy() || machine.free(device).compareTo(device.amount()) == 0,
                    () -> device + " is sick and in use");
        }
        for (var parts : machine.kernels) {
            assertEquals(
                    parts.stream()
                            .sorted(Comparator.comparing(DeviceAllocation::slot)
                                    .thenComparing(DeviceAllocation::device))
                            .toList(),
                    parts);
            assertEquals(
                    parts.size(),
                    parts.stream()
                            .map(part -> part.slot() + "/" + part.device())
                            .distinct()
                            .count(),
                    "a device comes twice");
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void givesTheSameWhateverTheOrderOfTheInput(long seed) {
        var machine = new Machine(new Random(seed));
        for (var step = 0; step < 10; step++) {
            var request = machine.request();
            var answer = DeviceAllocator.allocate(request, machine.devices, machine.taken());
            var devices = new ArrayList<>(machine.devices);
            var taken = new ArrayList<>(machine.taken());
            Collections.shuffle(devices, new Random(seed));
            Collections.shuffle(taken, new Random(seed));
            assertEquals(answer, DeviceAllocator.allocate(request, devices, taken));
            if (answer instanceof AllocationResult.Allocated(var parts)) {
                machine.kernels.add(parts);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void givesWholeDevicesToWholeRequests(long seed) {
        var machine = new Machine(new Random(seed));
        for (var step = 0; step < 20; step++) {
            var request = machine.request();
            if (DeviceAllocator.allocate(request, machine.devices, machine.taken())
                    instanceof AllocationResult.Allocated(var parts)) {
                machine.kernels.add(parts);
            }
        }
        for (var part : machine.taken()) {
            var isCounted =
                    part.slot().equals(SlotName.CPU) || part.slot().value().equals("cuda.device");
            assertTrue(!isCounted || part.amount().compareTo(BigDecimal.ONE) == 0, part::toString);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void staysOnOneNodeIfOneNodeHoldsAll(long seed) {
        var random = new Random(seed);
        var gpu = new SlotName("cuda.device");
        var devices = new ArrayList<DeviceCapacity>();
        var free = new HashMap<Integer, Map<SlotName, Integer>>();
        for (var node = 0; node < 3; node++) {
            var cores = random.nextInt(6);
            var cards = random.nextInt(3);
            free.put(node, Map.of(SlotName.CPU, cores, gpu, cards));
            add(devices, node, SlotName.CPU, cores);
            add(devices, node, gpu, cards);
        }
        var request = Map.of(SlotName.CPU, random.nextInt(1, 6), gpu, random.nextInt(1, 3));
        var oneHolds = free.values().stream()
                .anyMatch(node -> request.entrySet().stream().allMatch(e -> node.get(e.getKey()) >= e.getValue()));
        var amounts = request.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> BigDecimal.valueOf(e.getValue())));
        var answer = DeviceAllocator.allocate(SlotAmounts.of(amounts), devices, List.of());
        if (oneHolds && answer instanceof AllocationResult.Allocated(var parts)) {
            var nodes = parts.stream()
                    .map(part -> part.device().value().substring(0, 1))
                    .distinct()
                    .toList();
            assertEquals(1, nodes.size(), parts::toString);
        }
    }

    private static void add(List<DeviceCapacity> devices, int node, SlotName slot, int count) {
        IntStream.range(0, count)
                .mapToObj(i -> new DeviceId(node + "-" + slot + "-" + i))
                .map(id -> new DeviceCapacity(id, slot, BigDecimal.ONE, true, node))
                .forEach(devices::add);
    }

    private static SlotAmounts sum(List<DeviceAllocation> parts) {
        return parts.stream()
                .map(part -> SlotAmounts.of(part.slot(), part.amount()))
                .reduce(SlotAmounts.NONE, SlotAmounts::plus);
    }
}
