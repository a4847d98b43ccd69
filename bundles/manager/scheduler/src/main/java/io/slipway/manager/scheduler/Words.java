package io.slipway.manager.scheduler;

import io.slipway.model.slot.BinarySize;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import io.slipway.model.slot.SlotType;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Says in words why something does not fit. Pure. */
final class Words {

    private final String group;
    private final Map<SlotName, SlotType> types;

    Words(String group, Map<SlotName, SlotType> types) {
        this.group = group;
        this.types = types;
    }

    /** Returns an amount as people write it. */
    String amount(SlotName slot, BigDecimal amount) {
        var isBytes =
                types.getOrDefault(slot, slot.equals(SlotName.MEM) ? SlotType.BYTES : SlotType.COUNT) == SlotType.BYTES;
        return isBytes ? BinarySize.text(amount.longValue()) : amount.toPlainString();
    }

    String amounts(SlotAmounts amounts) {
        return amounts.amounts().entrySet().stream()
                .map(entry -> amount(entry.getKey(), entry.getValue()) + " " + entry.getKey())
                .collect(Collectors.joining(", "));
    }

    /** Returns why a request fits on none of these agents, the rarest cause first. */
    String why(SlotAmounts request, Collection<AgentState> agents) {
        if (agents.isEmpty()) {
            return "no agent of group " + group + " can take it now";
        }
        return lacking(request, agents, AgentState::capacity)
                .map(slot -> needs(request, slot) + ", more than any of " + count(agents) + " has: the largest has "
                        + amount(slot, most(slot, agents, AgentState::capacity)))
                .or(() -> lacking(request, agents, AgentState::free)
                        .map(slot -> needs(request, slot) + "; the freest of " + count(agents) + " has "
                                + amount(slot, most(slot, agents, AgentState::free))))
                .orElseGet(() ->
                        "needs " + amounts(request) + " at once; none of " + count(agents) + " has that free together");
    }

    /** Returns why a request does not fit on one agent; empty if it fits by total amounts. */
    Optional<String> why(SlotAmounts request, AgentState agent) {
        return lacking(request, List.of(agent), AgentState::free)
                .map(slot -> needs(request, slot) + ", has "
                        + amount(slot, agent.free().get(slot)) + " free of "
                        + amount(slot, agent.capacity().get(slot)));
    }

    private String needs(SlotAmounts request, SlotName slot) {
        return "needs " + amount(slot, request.get(slot)) + " " + slot;
    }

    private String count(Collection<AgentState> agents) {
        return agents.size() + (agents.size() == 1 ? " agent" : " agents") + " in group " + group;
    }

    /** Returns the first slot of which no agent has enough. */
    private static Optional<SlotName> lacking(
            SlotAmounts request, Collection<AgentState> agents, Function<AgentState, SlotAmounts> what) {
        return request.amounts().entrySet().stream()
                .filter(entry -> most(entry.getKey(), agents, what).compareTo(entry.getValue()) < 0)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static BigDecimal most(
            SlotName slot, Collection<AgentState> agents, Function<AgentState, SlotAmounts> what) {
        return agents.stream()
                .map(agent -> what.apply(agent).get(slot))
                .max(BigDecimal::compareTo)
                .orElse(BigDecimal.ZERO);
    }
}
