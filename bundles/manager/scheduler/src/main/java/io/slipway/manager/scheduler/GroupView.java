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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a resource group has and what is taken of it: the table's allocation rows, kept up by events. Used by one thread.
 */
final class GroupView {

    private final String group;
    private final AgentDirectory directory;
    private final Map<KernelId, Held> held = new HashMap<>();
    private final Map<AgentId, Map<KernelId, List<DeviceAllocation>>> byAgent = new HashMap<>();
    private final Map<String, SlotAmounts> byOwner = new HashMap<>();
    private final Map<AgentId, AgentRecord> records = new HashMap<>();
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
        byAgent.clear();
        byOwner.clear();
        var byKernel = new HashMap<KernelId, List<Occupancy>>();
        rows.forEach(row -> byKernel.computeIfAbsent(row.kernel(), kernel -> new ArrayList<>())
                .add(row));
        byKernel.forEach((kernel, parts) -> note(
                kernel,
                new Held(
                        parts.getFirst().agent(),
                        parts.getFirst().owner().value(),
                        parts.stream().map(Occupancy::allocation).toList())));
        refreshAgents();
    }

    /** Takes what the directory says of agents now. */
    void refreshAgents() {
        records.clear();
        agents.clear();
        others.clear();
        directory.agents().stream()
                .map(AgentDirectory.AgentView::record)
                .filter(agent -> agent.resourceGroup().equals(group))
                .forEach(this::classify);
    }

    private void classify(AgentRecord agent) {
        if (agent.status() != AgentStatus.ALIVE) {
            others.put(agent.id(), "is " + agent.status());
        } else if (!agent.isSchedulable()) {
            others.put(agent.id(), "takes no new work");
        } else {
            records.put(agent.id(), agent);
            count(agent);
        }
    }

    private void count(AgentRecord agent) {
        agents.put(
                agent.id(),
                AgentState.of(agent, byAgent.getOrDefault(agent.id(), Map.of()).values()));
    }

    /** Notes that a placement was committed. */
    void hold(Placement placement, String owner) {
        for (var kernel : placement.kernels()) {
            release(List.of(kernel.kernel()));
            note(kernel.kernel(), new Held(kernel.agent(), owner, kernel.allocations()));
            agents.computeIfPresent(kernel.agent(), (id, agent) -> agent.with(kernel.allocations()));
        }
    }

    private void note(KernelId kernel, Held one) {
        held.put(kernel, one);
        byAgent.computeIfAbsent(one.agent(), agent -> new HashMap<>()).put(kernel, one.allocations());
        byOwner.merge(one.owner(), AgentState.sum(one.allocations()), SlotAmounts::plus);
    }

    /** Returns where a kernel holds something. */
    Optional<AgentId> agentOf(KernelId kernel) {
        return Optional.ofNullable(held.get(kernel)).map(Held::agent);
    }

    /** Notes that kernels hold nothing any more; returns whether one of them did. */
    boolean release(Collection<KernelId> kernels) {
        var touched = new HashSet<AgentId>();
        for (var kernel : kernels) {
            var one = held.remove(kernel);
            if (one != null) {
                touched.add(one.agent());
                byAgent.getOrDefault(one.agent(), new HashMap<>()).remove(kernel);
                byOwner.merge(one.owner(), AgentState.sum(one.allocations()), SlotAmounts::minus);
            }
        }
        touched.stream().flatMap(agent -> Stream.ofNullable(records.get(agent))).forEach(this::count);
        return !touched.isEmpty();
    }

    Snapshot snapshot(Instant at) {
        return new Snapshot(group, List.copyOf(agents.values()), others, directory.slotTypes(), at);
    }

    Usage usage() {
        var capacity = agents.values().stream().map(AgentState::capacity).reduce(SlotAmounts.NONE, SlotAmounts::plus);
        return new Usage(capacity, byOwner);
    }
}
