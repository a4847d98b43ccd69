package io.slipway.accelerator.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.accelerator.spi.AcceleratorException;
import io.slipway.accelerator.spi.AcceleratorProvider;
import io.slipway.accelerator.spi.ContainerGrant;
import io.slipway.accelerator.testkit.AcceleratorProviderContract;
import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.agent.DeviceId;
import io.slipway.model.slot.SlotName;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpuAcceleratorProviderTest extends AcceleratorProviderContract {

    @TempDir
    private Path root;

    @BeforeEach
    void recordATree() throws IOException {
        var system = root.resolve("sys/devices/system");
        Files.createDirectories(system.resolve("cpu"));
        Files.writeString(system.resolve("cpu/online"), "0-3,8\n");
        Files.createDirectories(system.resolve("node/node0"));
        Files.createDirectories(system.resolve("node/node1"));
        Files.writeString(system.resolve("node/node0/cpulist"), "0-1,8\n");
        Files.writeString(system.resolve("node/node1/cpulist"), "2-3\n");
    }

    @Override
    protected AcceleratorProvider provider() {
        return provider(0, 0);
    }

    private CpuAcceleratorProvider provider(int reserved, int declared) {
        return new CpuAcceleratorProvider(new CpuTopology(root), reserved, declared);
    }

    @Test
    void findsCoresAndTheirNodes() throws AcceleratorException {
        var devices = provider().inventory().devices();
        assertEquals(
                List.of("0@0", "1@0", "2@1", "3@1", "8@0"),
                devices.stream().map(d -> d.id() + "@" + d.numaNode()).toList());
    }

    @Test
    void leavesOutCoresThatTheServerMayNotUse() throws Exception {
        Files.createDirectories(root.resolve("proc/self"));
        Files.writeString(
                root.resolve("proc/self/status"),
                "Name:\tjava\nCpus_allowed:\t10c\nCpus_allowed_list:\t2-3,8-9\nMems_allowed:\t1\n");
        assertEquals(
                List.of("2", "3", "8"),
                provider().inventory().devices().stream()
                        .map(d -> d.id().value())
                        .toList());
    }

    @Test
    void findsTheCoresOfThisMachine() throws AcceleratorException {
        var real = new CpuAcceleratorProvider(new CpuTopology(Path.of("/")), 0, 0);
        var cores = real.inventory().devices().size();
        assertTrue(cores >= Runtime.getRuntime().availableProcessors(), () -> cores + " cores"); // fewer under a quota
    }

    @Test
    void hasNoDeviceIfAllCoresAreReserved() throws AcceleratorException {
        assertEquals(List.of(), provider(9, 0).inventory().devices());
    }

    @Test
    void bindsToNoCoreThatIsOnlyDeclared() {
        var whole = new DeviceAllocation(new DeviceId("3"), SlotName.CPU, BigDecimal.ONE);
        assertEquals(ContainerGrant.NOTHING, provider(0, 64).grant(List.of(whole)));
    }

    @Test
    void keepsReservedCoresBack() throws AcceleratorException {
        assertEquals("2", provider(2, 0).inventory().devices().getFirst().id().value());
    }

    @Test
    void declaresMoreThanThereIs() throws AcceleratorException {
        assertEquals(64, provider(0, 64).inventory().devices().size());
    }

    @Test
    void bindsWholeCoresOnly() {
        var slot = SlotName.CPU;
        var whole = new DeviceAllocation(new DeviceId("3"), slot, BigDecimal.ONE);
        var half = new DeviceAllocation(new DeviceId("3"), slot, new BigDecimal("0.5"));
        assertEquals(List.of(3), provider().grant(List.of(whole)).cpuIds());
        assertEquals(ContainerGrant.NOTHING, provider().grant(List.of(half)));
    }

    @Test
    void saysWhatItCouldNotRead() {
        var broken = new CpuAcceleratorProvider(new CpuTopology(root.resolve("nowhere")), 0, 0);
        assertTrue(assertThrows(AcceleratorException.class, broken::inventory)
                .getMessage()
                .contains("nowhere"));
    }

    @Test
    void readsLists() {
        assertArrayEquals(new int[] {0, 1, 2, 8}, CpuTopology.range("0-2,8\n").toArray());
        assertArrayEquals(new int[] {}, CpuTopology.range("\n").toArray());
    }

    @Test
    void refusesNegativeSettings() {
        assertThrows(IllegalArgumentException.class, () -> provider(-1, 0));
    }
}
