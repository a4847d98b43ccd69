package io.slipway.itests.bad;

import io.slipway.scheduling.spi.PendingSession;
import io.slipway.scheduling.spi.SequencingPolicy;
import io.slipway.scheduling.spi.Usage;
import java.util.Comparator;
import java.util.Map;

/** An order that nobody gets. */
public final class DisturbedOrder implements SequencingPolicy {

    private final Fault fault;

    /** Used by the component runtime. */
    public DisturbedOrder(Map<String, Object> properties) {
        fault = new Fault(properties);
    }

    /** Used by the component runtime. */
    public void deactivate() {
        fault.end();
    }

    @Override
    public Comparator<PendingSession> order(Usage usage) {
        fault.strike();
        return Comparator.comparing(PendingSession::createdAt)
                .thenComparing(session -> session.session().value());
    }
}
