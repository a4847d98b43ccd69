package io.slipway.scheduling.policies;

import io.slipway.plugin.api.SelfCheck;
import io.slipway.scheduling.spi.PendingSession;
import io.slipway.scheduling.spi.SequencingPolicy;
import io.slipway.scheduling.spi.Usage;
import java.util.Comparator;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** The newest first, within a priority. */
@Component(service = SequencingPolicy.class, property = "slipway.plugin.id=lifo")
public final class LifoSequencing implements SequencingPolicy, SelfCheck {

    @Override
    public Comparator<PendingSession> order(Usage usage) {
        return Sequence.URGENT_FIRST.thenComparing(Sequence.OLDEST_FIRST.reversed());
    }

    @Override
    public List<String> selfCheck() {
        return PolicyCheck.order(this, "young");
    }
}
