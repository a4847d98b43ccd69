package io.slipway.manager.store;

import io.slipway.model.session.SessionId;
import java.time.Instant;
import java.util.List;

/**
 * Moves of kernels of one session, all or none.
 *
 * @param session which session
 * @param moves at least one, each of another kernel
 * @param reason why, in words or as an exit reason's wire name; becomes the session's status info and history
 * @param at when
 */
public record Transition(SessionId session, List<KernelMove> moves, String reason, Instant at) {

    /** Copies and refuses transitions without moves. */
    public Transition {
        moves = List.copyOf(moves);
        if (moves.isEmpty()) {
            throw new IllegalArgumentException("transition of session " + session + " without moves");
        }
    }
}
