package io.slipway.agent.node;

import io.slipway.accelerator.spi.AcceleratorException;
import io.slipway.accelerator.spi.AcceleratorProvider;
import io.slipway.accelerator.spi.ContainerGrant;
import io.slipway.accelerator.spi.Device;
import io.slipway.accelerator.spi.Health;
import io.slipway.accelerator.spi.Inventory;
import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.agent.DeviceCapacity;
import io.slipway.model.slot.SlotName;
import io.slipway.model.slot.SlotType;
import io.slipway.plugin.api.Lease;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The devices of this node, from every accelerator plug-in. Keeps the last answer of one that cannot answer. Thread-safe. */
final class Accelerators {

    private static final Logger LOG = LoggerFactory.getLogger(Accelerators.class);

    private final PluginSet<AcceleratorProvider> providers;
    private final BoundedCalls calls;
    private final Duration limit;
    /** Providers are called one method at a time. */
    private final ConcurrentMap<PluginId, ReentrantLock> callLocks = new ConcurrentHashMap<>();

    private volatile SortedMap<PluginId, Family> families = new TreeMap<>();

    Accelerators(PluginSet<AcceleratorProvider> providers, BoundedCalls calls, Duration limit) {
        this.providers = providers;
        this.calls = calls;
        this.limit = limit;
    }

    /**
     * One plug-in's devices.
     *
     * @param staleBecause why the inventory is an old one, empty if it is not
     */
    private record Family(String version, Map<SlotName, SlotType> slots, Inventory inventory, String staleBecause) {

        String shownVersion() {
            return staleBecause.isEmpty() ? version : version + " (stale: " + staleBecause + ")";
        }
    }

    /** Returns whether plug-ins came or went since the last {@link #refresh}. */
    boolean isOutdated() {
        return !providers.ids().equals(families.keySet());
    }

    /**
     * Asks every plug-in what is there.
     *
     * @return whether anything changed
     */
    boolean refresh() {
        var fresh = new TreeMap<PluginId, Family>();
        for (var lease : providers.leaseAll()) {
            try (lease) {
                fresh.put(lease.id(), ask(lease));
            }
        }
        var before = families;
        families = fresh;
        callLocks.keySet().retainAll(fresh.keySet());
        return !before.equals(fresh);
    }

    private Family ask(Lease<AcceleratorProvider> lease) {
        var last = families.get(lease.id());
        try {
            var provider = lease.get();
            return calls.call(
                    limit,
                    () -> exclusive(lease.id(), () -> {
                        return new Family(lease.version(), provider.slots(), provider.inventory(), "");
                    }));
        } catch (BoundedCalls.CallFailedException e) {
            var reason = e.getMessage() == null ? e.toString() : e.getMessage();
            if (last == null || last.staleBecause().isEmpty()) {
                LOG.warn("plugin={} cannot tell its devices, the last answer stays: {}", lease.id(), reason);
            }
            return last == null
                    ? new Family(lease.version(), Map.of(), new Inventory(List.of()), reason)
                    : new Family(lease.version(), last.slots(), last.inventory(), reason);
        }
    }

    private interface Call<T> {
        T run() throws AcceleratorException;
    }

    private <T> T exclusive(PluginId plugin, Call<T> call) throws AcceleratorException {
        var lock = callLocks.computeIfAbsent(plugin, id -> new ReentrantLock());
        try {
            if (!lock.tryLock(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AcceleratorException("an earlier call has not returned within " + limit);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AcceleratorException("interrupted while an earlier call runs", e);
        }
        try {
            return call.run();
        } finally {
            lock.unlock();
        }
    }

    /** Returns every slot with its type. */
    Map<SlotName, SlotType> slotTypes() {
        var types = new HashMap<SlotName, SlotType>();
        families.values().forEach(family -> types.putAll(family.slots()));
        return types;
    }

    /** Returns every device. */
    List<DeviceCapacity> devices() {
        return families.values().stream()
                .flatMap(family -> family.inventory().devices().stream())
                .flatMap(device -> capacities(device).stream())
                .toList();
    }

    private static List<DeviceCapacity> capacities(Device device) {
        return device.capacity().amounts().entrySet().stream()
                .map(entry -> new DeviceCapacity(
                        device.id(),
                        entry.getKey(),
                        entry.getValue(),
                        device.health() instanceof Health.Healthy,
                        device.numaNode()))
                .toList();
    }

    /** Returns plug-in id to version, with the reason for an old inventory. */
    Map<String, String> plugins() {
        var plugins = new HashMap<String, String>();
        families.forEach((id, family) -> plugins.put(id.value(), family.shownVersion()));
        return plugins;
    }

    /**
     * Returns what a container needs to see its devices.
     *
     * @throws AcceleratorException if a plug-in that has some of them is not there or does not answer
     */
    ContainerGrant grant(List<DeviceAllocation> allocations) throws AcceleratorException {
        var grants = new ArrayList<ContainerGrant>();
        for (var entry : byPlugin(allocations).entrySet()) {
            var lease = providers
                    .find(entry.getKey())
                    .orElseThrow(() -> new AcceleratorException("plug-in " + entry.getKey() + " is not active"));
            try (lease) {
                grants.add(grant(lease, entry.getValue()));
            }
        }
        return merge(grants);
    }

    private ContainerGrant grant(Lease<AcceleratorProvider> lease, List<DeviceAllocation> allocations)
            throws AcceleratorException {
        try {
            return calls.call(
                    limit, () -> exclusive(lease.id(), () -> lease.get().grant(allocations)));
        } catch (BoundedCalls.CallFailedException e) {
            throw new AcceleratorException("plug-in " + lease.id() + " cannot grant " + allocations, e);
        }
    }

    private SortedMap<PluginId, List<DeviceAllocation>> byPlugin(List<DeviceAllocation> allocations)
            throws AcceleratorException {
        var result = new TreeMap<PluginId, List<DeviceAllocation>>();
        for (var allocation : allocations) {
            var owner = families.entrySet().stream()
                    .filter(entry -> entry.getValue().slots().containsKey(allocation.slot()))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElseThrow(() -> new AcceleratorException("no plug-in has slot " + allocation.slot()));
            result.computeIfAbsent(owner, id -> new ArrayList<>()).add(allocation);
        }
        return result;
    }

    private static ContainerGrant merge(List<ContainerGrant> grants) {
        var environment = new HashMap<String, String>();
        var nodes = new ArrayList<String>();
        var mounts = new HashMap<String, String>();
        SortedSet<Integer> cpuIds = new TreeSet<>();
        for (var grant : grants) {
            environment.putAll(grant.environment());
            nodes.addAll(grant.deviceNodes());
            mounts.putAll(grant.mounts());
            cpuIds.addAll(grant.cpuIds());
        }
        return new ContainerGrant(environment, nodes, mounts, List.copyOf(cpuIds));
    }
}
