package io.slipway.allocation;

import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The order in which the NUMA nodes of a machine serve one request, the same for all its slots: first the node that can
 * serve most slots alone, then the one with the greatest share of what is free.
 *
 * @param rank smaller is sooner, by node
 */
record NodeRanks(Map<Integer, Integer> rank) {

    /** A device that says -1 is equally near to every node. */
    private static final int NO_NODE = -1;

    static NodeRanks of(SlotAmounts request, SortedMap<SlotName, List<FreeDevice>> free) {
        var nodes = new TreeMap<Integer, Fit>();
        free.forEach((slot, devices) -> addFits(request.get(slot), devices, nodes));
        var order = nodes.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Fit.BEST_FIRST)) // stable: then the lower node
                .map(Map.Entry::getKey)
                .toList();
        var rank = new HashMap<Integer, Integer>();
        order.forEach(node -> rank.put(node, rank.size()));
        return new NodeRanks(rank);
    }

    /**
     * How well a node suits a request.
     *
     * @param slots how many of its slots it can serve alone
     * @param share sum over the slots of its share of what the machine has free
     */
    private record Fit(int slots, double share) {

        static final Fit NONE = new Fit(0, 0);
        static final Comparator<Fit> BEST_FIRST = Comparator.comparingInt(Fit::slots)
                .thenComparingDouble(Fit::share)
                .reversed();

        Fit with(boolean fits, double part) {
            return new Fit(slots + (fits ? 1 : 0), share + part);
        }
    }

    private static void addFits(BigDecimal amount, List<FreeDevice> devices, Map<Integer, Fit> nodes) {
        var total = DeviceAllocator.total(devices).doubleValue();
        freeByNode(devices)
                .forEach((node, free) -> nodes.put(
                        node,
                        nodes.getOrDefault(node, Fit.NONE)
                                .with(free.compareTo(amount) >= 0, free.doubleValue() / total)));
    }

    private static Map<Integer, BigDecimal> freeByNode(Collection<FreeDevice> devices) {
        var byNode = new TreeMap<Integer, BigDecimal>();
        for (var device : devices) {
            if (device.node() != NO_NODE) {
                byNode.merge(device.node(), device.free(), BigDecimal::add);
            }
        }
        return byNode;
    }

    /** Returns devices, the preferred first: those of no node, then node by node, by id within each. */
    List<FreeDevice> inOrder(List<FreeDevice> devices) {
        return devices.stream()
                .sorted(Comparator.comparingInt((FreeDevice device) -> rank.getOrDefault(device.node(), NO_NODE))
                        .thenComparing(device -> device.capacity().device()))
                .toList();
    }
}
