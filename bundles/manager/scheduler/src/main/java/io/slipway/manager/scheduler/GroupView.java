package io.slipway.manager.scheduler;

import io.slipway.manager.api.AgentDirectory;
import io.slipway.manager.store.AgentRecord;
import io.slipway.manager.store.Occupancy;
import io.slipway.manager.store.Placement;
import io.slipway.model.agent.AgentId;
import io.slipway.model.agent.AgentStatus;
import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.scheduling.spi.Usage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a resource group has and what is taken of it: the table's allocation rows, kept up by events. Used by one thread.
 */
final class GroupView {

    private final String group;
    private final AgentDirectory directory;
    private final Map<KernelId, Held> held = new HashMap<>();
    private final Map<AgentId, AgentState> agents = new HashMap<>();
    private final Map<AgentId, String> others = new HashMap<>();

    private record Held(AgentId agent, String owner, List<DeviceAllocation> allocations) {

        Held {
            allocations = List.copyOf(allocations);
        }
    }

    GroupView(String group, AgentDirectory directory) {
        this.group = group;
        this.directory = directory;
    }

    /** Forgets everything and takes the table's rows. */
    void rebuild(List<Occupancy> rows) {
        held.clear();
        var byKernel = new HashMap<KernelId, List<Occupancy>>();
        rows.forEach(row -> byKernel.computeIfAbsent(row.kernel(), kernel -> new ArrayList<>())
                .add(row));
        byKernel.forEach((kernel, parts) -> held.put(
                kernel,
                new Held(
                        parts.getFirst().agent(),
                        parts.getFirst().owner().value(),
                        parts.stream().map(Occupancy::allocation).toList())));
        refreshAgents();
    }

    /** Takes what the directory says of agents now. */
    void refreshAgents() {
        agents.clear();
        others.clear();
        var byAgent = new HashMap<AgentId, List<List<DeviceAllocation>>>();
        held.values()
                .forEach(one -> byAgent.computeIfAbsent(one.agent(), agent -> new ArrayList<>())
                        .add(one.allocations()));
        directory.agents().stream()
                .map(AgentDirectory.AgentView::record)
                .filter(agent -> agent.resourceGroup().equals(group))
                .forEach(agent -> classify(agent, byAgent.getOrDefault(agent.id(), List.of())));
    }

    private void classify(AgentRecord agent, Collection<List<DeviceAllocation>> taken) {
        if (agent.status() != AgentStatus.ALIVE) {
            others.put(agent.id(), "is " + agent.status());
        } else if (!agent.isSchedulable()) {
            others.put(agent.id(), "takes no new work");
        } else {
            agents.put(agent.id(), AgentState.of(agent, taken));
        }
    }

    /** Notes that a placement was committed. */
    void hold(Placement placement, String owner) {
        for (var kernel : placement.kernels()) {
            held.put(kernel.kernel(), new Held(kernel.agent(), owner, kernel.allocations()));
            agents.computeIfPresent(kernel.agent(), (id, agent) -> agent.with(kernel.allocations()));
        }
    }

    /** Returns where a kernel holds something. */
    Optional<AgentId> agentOf(KernelId kernel) {
        return Optional.ofNullable(held.get(kernel)).map(Held::agent);
    }

    /** Notes that kernels hold nothing any more; returns whether one of them did. */
    boolean release(Collection<KernelId> kernels) {
        boolean isChanged = false;
        for (var kernel : kernels) {
            isChanged |= held.remove(kernel) != null;
        }
        if (isChanged) {
            refreshAgents();
        }
        return isChanged;
    }

    Snapshot snapshot(Instant at) {
        return new Snapshot(group, List.copyOf(agents.values()), others, directory.slotTypes(), at);
    }

    Usage usage() {
        var byOwner = new HashMap<String, SlotAmounts>();
        held.values().forEach(one -> byOwner.merge(one.owner(), sum(one.allocations()), SlotAmounts::plus));
        var capacity = agents.values().stream().map(AgentState::capacity).reduce(SlotAmounts.NONE, SlotAmounts::plus);
        return new Usage(capacity, byOwner);
    }

    private static SlotAmounts sum(List<DeviceAllocation> allocations) {
        return allocations.stream()
                .map(one -> SlotAmounts.of(one.slot(), one.amount()))
                .reduce(SlotAmounts.NONE, SlotAmounts::plus);
    }
}
