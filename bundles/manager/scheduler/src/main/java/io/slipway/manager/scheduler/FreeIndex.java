package io.slipway.manager.scheduler;

import io.slipway.model.agent.AgentId;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Agents ordered by free cores, so that those that cannot take a request are not even looked at. Used by one decision.
 *
 * <p>A selector gets a sample of those that fit, the tightest and the emptiest, not all of ten thousand: every policy that
 * packs or spreads finds its choice among them.
 */
final class FreeIndex {

    private static final int SAMPLE = 32;
    private static final Comparator<AgentState> BY_FREE_CORES = Comparator.comparing(
                    (AgentState agent) -> agent.free().get(SlotName.CPU))
            .thenComparing(agent -> agent.id().value());

    private final Map<AgentId, AgentState> agents = new HashMap<>();
    private final NavigableSet<AgentState> byFreeCores = new TreeSet<>(BY_FREE_CORES);

    FreeIndex(Collection<AgentState> agents) {
        agents.forEach(this::put);
    }

    AgentState get(AgentId agent) {
        var state = agents.get(agent);
        if (state == null) {
            throw new IllegalArgumentException("the policy chose agent " + agent + ", which was no candidate");
        }
        return state;
    }

    /** Puts an agent, in place of its former state. */
    void put(AgentState agent) {
        var before = agents.put(agent.id(), agent);
        if (before != null) {
            byFreeCores.remove(before);
        }
        byFreeCores.add(agent);
    }

    Collection<AgentState> all() {
        return agents.values();
    }

    /** Returns a sample of the agents on which a request fits by total amounts, sorted by free cores. */
    List<AgentState> fitting(SlotAmounts request, Predicate<AgentState> isAllowed) {
        var enough = byFreeCores.tailSet(lowest(request.get(SlotName.CPU)), true);
        var result = new ArrayList<AgentState>();
        var seen = new HashSet<AgentId>();
        take(enough, request, isAllowed, result, seen);
        if (result.size() == SAMPLE) {
            take(enough.descendingSet(), request, isAllowed, result, seen);
        }
        return result;
    }

    private static void take(
            Iterable<AgentState> order,
            SlotAmounts request,
            Predicate<AgentState> isAllowed,
            List<AgentState> result,
            Set<AgentId> seen) {
        int taken = 0;
        for (var agent : order) {
            if (isAllowed.test(agent) && request.fitsInto(agent.free()) && seen.add(agent.id())) {
                result.add(agent);
                if (++taken == SAMPLE) {
                    return;
                }
            }
        }
    }

    private static AgentState lowest(BigDecimal cores) {
        return new AgentState(
                new AgentId("!"), "", List.of(), List.of(), SlotAmounts.NONE, SlotAmounts.of(SlotName.CPU, cores), 0);
    }
}
