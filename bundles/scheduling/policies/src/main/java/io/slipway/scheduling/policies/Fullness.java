package io.slipway.scheduling.policies;

import io.slipway.model.agent.AgentId;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.scheduling.spi.AgentCandidate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How an agent suits a request, for selectors. Worked out once for each candidate, since this runs for every placement.
 *
 * @param candidate the agent
 * @param unneededKinds how many kinds of slots it has that the request does not ask for: plain work keeps off agents with
 *     rare devices
 * @param freeShare the largest free share of a requested slot, 0 to 1
 */
record Fullness(AgentCandidate candidate, int unneededKinds, double freeShare) {

    /** The fullest agent that fits, then the lower id. */
    static final Comparator<Fullness> FULLEST_FIRST = Comparator.comparingInt(Fullness::unneededKinds)
            .thenComparingDouble(Fullness::freeShare)
            .thenComparing(Fullness::agent);

    /** The emptiest agent, then the one with the fewest kernels, then the lower id. */
    static final Comparator<Fullness> EMPTIEST_FIRST = Comparator.comparingInt(Fullness::unneededKinds)
            .thenComparing(Comparator.comparingDouble(Fullness::freeShare).reversed())
            .thenComparingInt(fullness -> fullness.candidate().kernels())
            .thenComparing(Fullness::agent);

    static Optional<AgentId> first(SlotAmounts request, List<AgentCandidate> candidates, Comparator<Fullness> order) {
        return candidates.stream()
                .map(candidate -> of(request, candidate))
                .min(order)
                .map(fullness -> fullness.candidate().agent());
    }

    private static Fullness of(SlotAmounts request, AgentCandidate candidate) {
        var share = 0.0;
        var needed = 0;
        for (var slot : request.amounts().keySet()) {
            var capacity = candidate.capacity().get(slot).doubleValue();
            if (capacity > 0) {
                needed++;
                share = Math.max(share, candidate.free().get(slot).doubleValue() / capacity);
            }
        }
        return new Fullness(candidate, candidate.capacity().amounts().size() - needed, share);
    }

    private String agent() {
        return candidate.agent().value();
    }
}
