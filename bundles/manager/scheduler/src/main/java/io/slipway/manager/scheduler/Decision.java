package io.slipway.manager.scheduler;

import io.slipway.manager.store.Placement;
import io.slipway.model.session.SessionId;
import java.util.List;
import java.util.Map;

/**
 * What the scheduler wants.
 *
 * @param placements in the order of the queue
 * @param reasons why each of the others waits on, in words
 * @param isComplete whether the whole queue was looked at; false if the limit of placements was reached
 */
record Decision(List<Placement> placements, Map<SessionId, String> reasons, boolean isComplete) {

    Decision {
        placements = List.copyOf(placements);
        reasons = Map.copyOf(reasons);
    }
}
