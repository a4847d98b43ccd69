package io.slipway.agent.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slipway.agent.api.KernelUse;
import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.agent.DeviceId;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.session.SessionId;
import io.slipway.model.slot.SlotName;
import io.slipway.plugin.api.PluginId;
import io.slipway.runtime.spi.KernelRuntime;
import io.slipway.runtime.spi.KernelStats.Transfer;
import io.slipway.runtime.spi.KernelStats.Usage;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelLoadsTest {

    private long nanos;

    @Test
    void tellsTheShareOfProcessorsBetweenTwoLooks() {
        var runtime = new FakeRuntime();
        var runtimes = new Runtimes(new FakePluginSet<KernelRuntime>().with("fake", runtime), Map.of());
        var table = new KernelTable(new DeviceLedger());
        var id = new KernelId(UUID.randomUUID());
        var two = new DeviceAllocation(new DeviceId("0"), SlotName.CPU, BigDecimal.TWO);
        var note = KernelNote.starting(id, new SessionId(UUID.randomUUID()), new PluginId("fake"), List.of(two))
                .at(KernelNote.Stage.RUNNING, "c");
        table.restore(new NodeKernel(note, NodeKernel.Stage.RUNNING));
        var loads = new KernelLoads(table, runtimes, () -> nanos);

        runtime.usage = new Usage(1_000, 10, 20, 1);
        loads.measure();
        assertEquals(new BigDecimal("0.00"), loads.present().get(id).cpuPercent());
        assertEquals(BigDecimal.valueOf(200), loads.present().get(id).cpuCapacity());

        nanos += TimeUnit.SECONDS.toNanos(2);
        runtime.usage = new Usage(4_000, 10, 20, 1);
        loads.measure();
        assertEquals(new BigDecimal("150.00"), loads.present().get(id).cpuPercent());

        nanos += TimeUnit.SECONDS.toNanos(2);
        runtime.usage = new Usage(10, 10, 20, 1); // another container, started anew
        loads.measure();
        assertEquals(new BigDecimal("0.00"), loads.present().get(id).cpuPercent());
    }

    @Test
    void isPartOfTheHeartbeat(@TempDir Path home) throws Exception {
        try (var fixture = new NodeFixture(home).start()) {
            var kernel = fixture.create();
            fixture.sink.awaitRunning(kernel);
            fixture.runtime.usage = new Usage(1_000, 10, 20, 1, new Transfer(1, 2), new Transfer(3, 4));
            NodeFixture.await(() -> uses(fixture).containsKey(kernel));
            assertEquals(
                    new KernelUse(
                            1_000, new BigDecimal("0.00"), BigDecimal.valueOf(100), 10, 20, 64L << 20, 1, 2, 3, 4),
                    uses(fixture).get(kernel));

            fixture.runtime.usage = null; // cannot be measured now
            NodeFixture.await(() -> uses(fixture).isEmpty());
            fixture.runtime.usage = new Usage(5_000, 10, 20, 1);
            NodeFixture.await(() -> uses(fixture).containsKey(kernel));
            fixture.destroy(kernel);
            NodeFixture.await(() -> uses(fixture).isEmpty());
        }
    }

    private static Map<KernelId, KernelUse> uses(NodeFixture fixture) {
        return fixture.agent().report().kernels();
    }
}
