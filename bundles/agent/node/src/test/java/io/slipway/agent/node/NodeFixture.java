package io.slipway.agent.node;

import static org.junit.jupiter.api.Assertions.fail;

import io.slipway.accelerator.spi.AcceleratorProvider;
import io.slipway.agent.api.Agent;
import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.CreateKernel;
import io.slipway.agent.api.DestroyKernel;
import io.slipway.agent.api.KernelReport;
import io.slipway.agent.api.KernelTask;
import io.slipway.model.agent.AgentId;
import io.slipway.model.image.ImageRef;
import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.session.SessionId;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import io.slipway.plugin.api.PluginId;
import io.slipway.runtime.spi.KernelRuntime;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A node over fakes that can be killed and started again over the same containers and folders. */
final class NodeFixture implements AutoCloseable {

    static final AgentId AGENT = new AgentId("i-test");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    final FakeRuntime runtime = new FakeRuntime();
    final FakePluginSet<KernelRuntime> runtimes = new FakePluginSet<KernelRuntime>().with("fake", runtime);
    final FakeAccelerator cpu = new FakeAccelerator(SlotName.CPU, 4, 1);
    final FakePluginSet<AcceleratorProvider> accelerators = new FakePluginSet<AcceleratorProvider>()
            .with("cpu", cpu)
            .with("mem", new FakeAccelerator(SlotName.MEM, 1, 1L << 30));
    final RecordingSink sink = new RecordingSink();
    final NodeFolders folders;
    final Map<String, PluginId> byRegistry = new HashMap<>(Map.of("*", new PluginId("fake")));
    FakeDriver driver = new FakeDriver();
    Node node;

    NodeFixture(Path home) throws IOException {
        folders = NodeFolders.of(home, "", false);
        folders.create();
        node = newNode();
    }

    private Node newNode() {
        var times = new NodeSettings.Times(
                Duration.ofMillis(100),
                Duration.ofSeconds(1),
                Duration.ofMillis(150),
                Duration.ZERO,
                Duration.ofMillis(50));
        return new Node(
                new NodeSettings(AGENT, "default", "local", "0.1.0", "x86_64", byRegistry, 64, times),
                runtimes,
                accelerators,
                driver,
                folders,
                false);
    }

    /** Starts and waits until the node can be used. */
    NodeFixture start() throws IOException {
        node.start();
        node.sink(sink);
        await(() -> {
            try {
                agent().kernels();
                return !agent().report().devices().isEmpty();
            } catch (AgentException e) {
                return false;
            }
        });
        return this;
    }

    /** Ends the process of the agent; containers stay, the driver's connections do not. */
    NodeFixture kill() {
        node.stop();
        driver = new FakeDriver();
        node = newNode();
        return this;
    }

    Agent agent() {
        return node.agent();
    }

    KernelId create() throws AgentException {
        var kernel = new KernelId(UUID.randomUUID());
        agent().create(request(kernel, FakeRuntime.PYTHON, 1));
        return kernel;
    }

    static CreateKernel request(KernelId kernel, ImageRef image, int cpus) {
        return request(kernel, image, cpus, null);
    }

    static CreateKernel request(KernelId kernel, ImageRef image, int cpus, @Nullable KernelTask task) {
        return new CreateKernel(
                kernel,
                new SessionId(UUID.randomUUID()),
                "work",
                image,
                Map.of("ai.backend.envs.corecount", "OMP_NUM_THREADS", "ai.backend.service-ports", "jupyter:http:8888"),
                SlotAmounts.of(
                        Map.of(SlotName.CPU, BigDecimal.valueOf(cpus), SlotName.MEM, BigDecimal.valueOf(64L << 20))),
                Map.of("A", "1", "SLIPWAY_KERNEL_ID", "forged"),
                "main1",
                0,
                task,
                Duration.ofSeconds(5));
    }

    void destroy(KernelId kernel) throws AgentException {
        agent().destroy(new DestroyKernel(kernel, ExitReason.USER_REQUESTED, Duration.ofMillis(100)));
    }

    Optional<KernelReport> report(KernelId kernel) throws AgentException {
        return agent().kernels().stream()
                .filter(report -> report.kernel().equals(kernel))
                .findFirst();
    }

    static void await(BooleanSupplier condition) {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                fail("not true within " + PATIENCE);
            }
            Thread.onSpinWait();
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                fail("interrupted");
            }
        }
    }

    @Override
    public void close() {
        node.stop();
    }
}
