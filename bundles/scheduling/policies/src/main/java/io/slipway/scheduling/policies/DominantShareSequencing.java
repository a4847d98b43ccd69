package io.slipway.scheduling.policies;

import io.slipway.model.slot.SlotAmounts;
import io.slipway.plugin.api.SelfCheck;
import io.slipway.scheduling.spi.PendingSession;
import io.slipway.scheduling.spi.SequencingPolicy;
import io.slipway.scheduling.spi.Usage;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;

/**
 * Dominant resource fairness: the owner whose largest share of any slot is smallest comes first (Ghodsi et al., NSDI 2011),
 * within a priority; then the oldest.
 */
@Component(service = SequencingPolicy.class, property = "slipway.plugin.id=drf")
public final class DominantShareSequencing implements SequencingPolicy, SelfCheck {

    @Override
    public Comparator<PendingSession> order(Usage usage) {
        Map<String, BigDecimal> shares = new HashMap<>();
        usage.byOwner().forEach((owner, held) -> shares.put(owner, dominantShare(held, usage.capacity())));
        return Sequence.URGENT_FIRST
                .thenComparing(session -> shares.getOrDefault(session.owner(), BigDecimal.ZERO))
                .thenComparing(Sequence.OLDEST_FIRST);
    }

    @Override
    public List<String> selfCheck() {
        return PolicyCheck.order(this, "middle");
    }

    /** Returns the largest share of any slot; a slot that no agent has does not count. */
    static BigDecimal dominantShare(SlotAmounts held, SlotAmounts capacity) {
        return held.amounts().entrySet().stream()
                .filter(entry -> capacity.get(entry.getKey()).signum() > 0)
                .map(entry -> entry.getValue().divide(capacity.get(entry.getKey()), MathContext.DECIMAL64))
                .max(Comparator.naturalOrder())
                .orElse(BigDecimal.ZERO);
    }
}
