package io.slipway.scheduling.policies;

import io.slipway.model.slot.SlotAmounts;
import io.slipway.scheduling.spi.AgentCandidate;
import java.math.BigDecimal;
import java.util.Comparator;

/** How full agents are, for selectors. */
final class Fullness {

    private Fullness() {}

    /**
     * Orders by the largest share of a requested slot that is free, the fullest first; agents with fewer kinds of slots come
     * first among equals, so that plain work keeps off agents with rare devices; then by id.
     */
    static Comparator<AgentCandidate> fullestFirst(SlotAmounts request) {
        return unneededKinds(request)
                .thenComparing(candidate -> freeShare(request, candidate))
                .thenComparing(candidate -> candidate.agent().value());
    }

    static Comparator<AgentCandidate> emptiestFirst(SlotAmounts request) {
        return unneededKinds(request)
                .thenComparing(candidate -> freeShare(request, candidate), Comparator.reverseOrder())
                .thenComparingInt(AgentCandidate::kernels)
                .thenComparing(candidate -> candidate.agent().value());
    }

    private static Comparator<AgentCandidate> unneededKinds(SlotAmounts request) {
        return Comparator.comparingLong(candidate -> candidate.capacity().amounts().keySet().stream()
                .filter(slot -> request.get(slot).signum() == 0)
                .count());
    }

    private static BigDecimal freeShare(SlotAmounts request, AgentCandidate candidate) {
        return DominantShareSequencing.dominantShare(
                SlotAmounts.of(candidate.free().amounts().entrySet().stream()
                        .filter(entry -> request.get(entry.getKey()).signum() > 0)
                        .collect(java.util.stream.Collectors.toMap(
                                java.util.Map.Entry::getKey, java.util.Map.Entry::getValue))),
                candidate.capacity());
    }
}
