package io.slipway.manager.session;

import io.slipway.model.session.SessionId;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Counts queries until somebody stores the sums, so that a query costs no write of its own. Thread-safe. */
final class QueryCounter {

    private final ConcurrentMap<SessionId, Long> counts = new ConcurrentHashMap<>();

    void count(SessionId session) {
        counts.merge(session, 1L, Long::sum);
    }

    /** Takes what was counted. */
    Map<SessionId, Long> take() {
        var taken = new HashMap<SessionId, Long>();
        counts.keySet().forEach(session -> {
            var count = counts.remove(session);
            if (count != null) {
                taken.put(session, count);
            }
        });
        return Map.copyOf(taken);
    }

    /** Gives back what could not be stored. */
    void giveBack(Map<SessionId, Long> taken) {
        taken.forEach((session, count) -> counts.merge(session, count, Long::sum));
    }
}
