package io.slipway.scheduling.policies;

import io.slipway.scheduling.spi.PendingSession;
import java.util.Comparator;

/** Orders that every sequencing policy is made of. */
final class Sequence {

    static final Comparator<PendingSession> URGENT_FIRST =
            Comparator.comparingInt(PendingSession::priority).reversed();

    /** A total order: no two sessions have one id. */
    static final Comparator<PendingSession> OLDEST_FIRST = Comparator.comparing(PendingSession::createdAt)
            .thenComparing(session -> session.session().value());

    private Sequence() {}
}
