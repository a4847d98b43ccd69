package io.slipway.scheduling.policies;

import io.slipway.scheduling.spi.PendingSession;
import io.slipway.scheduling.spi.SequencingPolicy;
import io.slipway.scheduling.spi.Usage;
import java.util.Comparator;
import org.osgi.service.component.annotations.Component;

/** The newest first, within a priority. */
@Component(property = "slipway.plugin.id=lifo")
public final class LifoSequencing implements SequencingPolicy {

    @Override
    public Comparator<PendingSession> order(Usage usage) {
        return Sequence.URGENT_FIRST.thenComparing(Sequence.OLDEST_FIRST.reversed());
    }
}
