package io.slipway.manager.images;

import io.slipway.agent.api.Agent;
import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.AgentImage;
import io.slipway.agent.api.AgentReport;
import io.slipway.agent.api.CompleteCall;
import io.slipway.agent.api.CreateKernel;
import io.slipway.agent.api.DestroyKernel;
import io.slipway.agent.api.ExecuteCall;
import io.slipway.agent.api.ExecuteReply;
import io.slipway.agent.api.KernelReport;
import io.slipway.agent.api.PrepareKernel;
import io.slipway.manager.api.AgentDirectory;
import io.slipway.manager.store.AgentRecord;
import io.slipway.model.agent.AgentId;
import io.slipway.model.agent.AgentStatus;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.slot.SlotName;
import io.slipway.model.slot.SlotType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A directory of one agent that has images and can do nothing else. */
final class OneAgentDirectory implements AgentDirectory, Agent {

    private static final AgentId AGENT = new AgentId("node-a");

    final AtomicInteger asked = new AtomicInteger();
    volatile boolean isFailing;
    private volatile List<AgentImage> images = List.of();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    void has(AgentImage... present) {
        images = List.of(present);
    }

    void tell() {
        listeners.forEach(Runnable::run);
    }

    @Override
    public List<AgentView> agents() {
        var record = new AgentRecord(
                AGENT,
                AgentStatus.ALIVE,
                "default",
                true,
                "local",
                "0.1.0",
                "x86_64",
                Map.of(),
                List.of(),
                Map.of(),
                Map.of(),
                Instant.EPOCH,
                null);
        return List.of(new AgentView(
                record,
                Map.of(),
                images.stream().map(image -> image.ref().canonical()).toList()));
    }

    @Override
    public Optional<AgentView> find(AgentId agent) {
        return agents().stream().findFirst();
    }

    @Override
    public Optional<Agent> connect(AgentId agent) {
        return Optional.of(this);
    }

    @Override
    public Map<SlotName, SlotType> slotTypes() {
        return Map.of();
    }

    @Override
    public AutoCloseable onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public List<AgentImage> images() throws AgentException {
        if (isFailing) {
            throw new AgentException(AgentException.Reason.FAILED, "engine is down");
        }
        asked.incrementAndGet();
        return images;
    }

    @Override
    public AgentReport report() {
        throw new IllegalStateException("not asked for");
    }

    @Override
    public void prepare(PrepareKernel request) {}

    @Override
    public void create(CreateKernel request) {}

    @Override
    public void destroy(DestroyKernel request) {}

    @Override
    public List<KernelReport> kernels() {
        return List.of();
    }

    @Override
    public ExecuteReply execute(ExecuteCall call) throws AgentException {
        throw new AgentException(AgentException.Reason.UNKNOWN_KERNEL, "none");
    }

    @Override
    public void interrupt(KernelId kernel) {}

    @Override
    public List<String> complete(CompleteCall call) {
        return List.of();
    }

    @Override
    public String logs(KernelId kernel, int maxBytes, Duration limit) {
        return "";
    }
}
