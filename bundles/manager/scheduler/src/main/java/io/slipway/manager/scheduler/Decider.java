package io.slipway.manager.scheduler;

import io.slipway.allocation.AllocationResult;
import io.slipway.allocation.DeviceAllocator;
import io.slipway.manager.scheduler.Waiting.Shape;
import io.slipway.manager.store.Placement;
import io.slipway.manager.store.Placement.KernelPlacement;
import io.slipway.model.agent.AgentId;
import io.slipway.model.session.ClusterMode;
import io.slipway.model.session.SessionId;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.scheduling.spi.AgentSelector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Decides which sessions start where. Pure: equal input gives equal output, nothing is kept and nothing is done.
 *
 * <p>The queue is tried in its order. A session that does not fit is passed over, so that a large one does not block the
 * small ones behind it; but once it has waited longer than the patience, the agents that come closest to it are kept for it
 * alone, so that the small ones cannot starve it. At most one session at a time has agents kept, and none for longer than
 * the patience at a time: what holds the agents may never end, and then the others must not wait for it, too.
 */
final class Decider {

    private final Snapshot snapshot;
    private final AgentSelector selector;
    private final Duration patience;
    private final int limit;
    private final FreeIndex index;
    private final Words words;
    private final Map<Shape, String> refused = new HashMap<>();
    private final Set<AgentId> kept = new HashSet<>();
    private final List<Placement> placements = new ArrayList<>();
    private final Map<SessionId, String> reasons = new HashMap<>();

    private Decider(Snapshot snapshot, AgentSelector selector, Duration patience, int limit) {
        this.snapshot = snapshot;
        this.selector = selector;
        this.patience = patience;
        this.limit = limit;
        this.index = new FreeIndex(snapshot.agents());
        this.words = new Words(snapshot.group(), snapshot.slotTypes());
    }

    /**
     * Decides.
     *
     * @param queue sessions in the order in which they are tried
     * @param selector chooses among agents that fit
     * @param patience how long a session may be passed over
     * @param limit at most so many placements
     */
    static Decision decide(
            Snapshot snapshot, Iterable<Waiting> queue, AgentSelector selector, Duration patience, int limit) {
        return new Decider(snapshot, selector, patience, limit).decide(queue);
    }

    private Decision decide(Iterable<Waiting> queue) {
        for (var waiting : queue) {
            if (placements.size() == limit) {
                return new Decision(placements, reasons, false);
            }
            decide(waiting);
        }
        return new Decision(placements, reasons, true);
    }

    private void decide(Waiting waiting) {
        var avoided = avoided(waiting);
        var known = avoided.isEmpty() ? refused.get(waiting.shape()) : null;
        if (known != null) {
            reasons.put(waiting.id(), known); // free amounts only shrink within a decision
            return;
        }
        var placed = place(waiting, agent -> !avoided.contains(agent.id()));
        if (placed.isPresent()) {
            placements.add(placed.get());
            return;
        }
        var why = why(waiting.shape(), avoided);
        reasons.put(waiting.id(), why);
        if (avoided.isEmpty()) {
            refused.put(waiting.shape(), why);
        }
        keepAgentsFor(waiting);
    }

    private Set<AgentId> avoided(Waiting waiting) {
        var result = new HashSet<AgentId>();
        waiting.avoid().forEach((agent, until) -> {
            if (snapshot.at().isBefore(until)) {
                result.add(agent);
            }
        });
        return result;
    }

    private Optional<Placement> place(Waiting waiting, Predicate<AgentState> isAllowed) {
        var shape = waiting.shape();
        Predicate<AgentState> isPossible =
                agent -> isSuitable(shape, agent) && !kept.contains(agent.id()) && isAllowed.test(agent);
        return shape.mode() == ClusterMode.SINGLE_NODE
                ? together(waiting, shape.total(), isPossible)
                : apart(waiting, isPossible);
    }

    private static boolean isSuitable(Shape shape, AgentState agent) {
        return agent.architecture().equals(shape.architecture())
                && (shape.agents().isEmpty() || shape.agents().contains(agent.id()));
    }

    /** All kernels on one agent. */
    private Optional<Placement> together(Waiting waiting, SlotAmounts total, Predicate<AgentState> isPossible) {
        var requests = waiting.shape().requests();
        var candidates = new ArrayList<>(index.fitting(total, isPossible));
        while (!candidates.isEmpty()) {
            var chosen = select(total, candidates);
            if (chosen.isEmpty()) {
                return Optional.empty();
            }
            var kernels = new ArrayList<KernelPlacement>();
            var state = chosen.get();
            for (int i = 0; i < requests.size() && state != null; i++) {
                state = allocate(state, waiting, i, kernels).orElse(null);
            }
            if (state != null) {
                index.put(state);
                return Optional.of(new Placement(waiting.id(), kernels));
            }
            candidates.remove(chosen.get()); // enough in total, but not in one piece
        }
        return Optional.empty();
    }

    /** Each kernel where it fits; all or none. */
    private Optional<Placement> apart(Waiting waiting, Predicate<AgentState> isPossible) {
        var before = new LinkedHashMap<AgentId, AgentState>();
        var kernels = new ArrayList<KernelPlacement>();
        for (int i = 0; i < waiting.kernels().size(); i++) {
            if (!placeOne(waiting, i, isPossible, kernels, before)) {
                before.values().forEach(index::put);
                return Optional.empty();
            }
        }
        return Optional.of(new Placement(waiting.id(), kernels));
    }

    private boolean placeOne(
            Waiting waiting,
            int position,
            Predicate<AgentState> isPossible,
            List<KernelPlacement> kernels,
            Map<AgentId, AgentState> before) {
        var request = waiting.shape().requests().get(position);
        var candidates = new ArrayList<>(index.fitting(request, isPossible));
        while (!candidates.isEmpty()) {
            var chosen = select(request, candidates);
            if (chosen.isEmpty()) {
                return false;
            }
            var after = allocate(chosen.get(), waiting, position, kernels);
            if (after.isPresent()) {
                before.putIfAbsent(chosen.get().id(), chosen.get());
                index.put(after.get());
                return true;
            }
            candidates.remove(chosen.get());
        }
        return false;
    }

    private Optional<AgentState> select(SlotAmounts request, List<AgentState> candidates) {
        return selector.select(
                        request, candidates.stream().map(AgentState::candidate).toList())
                .map(index::get);
    }

    private static Optional<AgentState> allocate(
            AgentState agent, Waiting waiting, int position, List<KernelPlacement> kernels) {
        var request = waiting.shape().requests().get(position);
        return switch (DeviceAllocator.allocate(request, agent.devices(), agent.taken())) {
            case AllocationResult.Allocated allocated -> {
                kernels.add(new KernelPlacement(waiting.kernels().get(position), agent.id(), allocated.allocations()));
                yield Optional.of(agent.with(allocated.allocations()));
            }
            case AllocationResult.Insufficient insufficient -> Optional.empty();
        };
    }

    private String why(Shape shape, Set<AgentId> avoided) {
        var suitable =
                index.all().stream().filter(agent -> isSuitable(shape, agent)).toList();
        var usable = suitable.stream()
                .filter(agent -> !avoided.contains(agent.id()) && !kept.contains(agent.id()))
                .toList();
        if (usable.isEmpty() && suitable.stream().anyMatch(agent -> kept.contains(agent.id()))) {
            return "the agents of group " + snapshot.group() + " are kept for a session that has waited longer";
        }
        if (usable.isEmpty() && !avoided.isEmpty()) {
            return "tried again soon on the agents that could not take it lately";
        }
        return words.why(request(shape), usable);
    }

    /** What must fit at once on one agent. */
    private static SlotAmounts request(Shape shape) {
        return shape.mode() == ClusterMode.SINGLE_NODE
                ? shape.total()
                : shape.requests().stream()
                        .reduce((one, other) -> one.fitsInto(other) ? other : one)
                        .orElse(SlotAmounts.NONE);
    }

    private void keepAgentsFor(Waiting waiting) {
        var isStarving = waiting.session().createdAt().plus(patience).isBefore(snapshot.at());
        if (isStarving && kept.isEmpty() && isTimeToKeep()) {
            kept.addAll(Keeping.agentsFor(
                    waiting.shape(),
                    index.all().stream()
                            .filter(agent -> isSuitable(waiting.shape(), agent))
                            .toList()));
        }
    }

    /**
     * Keeps for a patience, lets others pass for as long, and so on. By the clock and not by the session's age: else two
     * sessions of different ages could take turns in holding agents back without end.
     */
    private boolean isTimeToKeep() {
        return Math.floorDiv(snapshot.at().toEpochMilli(), Math.max(1, patience.toMillis())) % 2 == 0;
    }
}
