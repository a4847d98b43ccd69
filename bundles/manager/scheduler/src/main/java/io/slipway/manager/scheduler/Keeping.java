package io.slipway.manager.scheduler;

import io.slipway.manager.scheduler.Waiting.Shape;
import io.slipway.model.agent.AgentId;
import io.slipway.model.session.ClusterMode;
import io.slipway.model.slot.SlotAmounts;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which agents to keep for a session that was passed over too long. Pure. */
final class Keeping {

    private Keeping() {}

    /**
     * Returns agents on which the session fits once their present work is done, those that are closest to it; none if it
     * fits nowhere even then.
     */
    static Set<AgentId> agentsFor(Shape shape, Collection<AgentState> agents) {
        var requests = shape.mode() == ClusterMode.SINGLE_NODE ? List.of(shape.total()) : shape.requests();
        var left = new HashMap<AgentId, SlotAmounts>();
        agents.forEach(agent -> left.put(agent.id(), agent.capacity()));
        var result = new HashSet<AgentId>();
        for (var request : requests) {
            var chosen = agents.stream()
                    .filter(agent -> request.fitsInto(left.getOrDefault(agent.id(), SlotAmounts.NONE)))
                    .max(Comparator.comparing((AgentState agent) -> closeness(request, agent))
                            .thenComparing(agent -> agent.id().value()));
            if (chosen.isEmpty()) {
                return Set.of();
            }
            result.add(chosen.get().id());
            left.merge(chosen.get().id(), request, SlotAmounts::minus);
        }
        return result;
    }

    /** Returns the smallest free share of what is asked for, at most 1. */
    private static BigDecimal closeness(SlotAmounts request, AgentState agent) {
        return request.amounts().entrySet().stream()
                .map(entry -> agent.free()
                        .get(entry.getKey())
                        .divide(entry.getValue(), MathContext.DECIMAL64)
                        .min(BigDecimal.ONE))
                .min(Comparator.naturalOrder())
                .orElse(BigDecimal.ONE);
    }
}
