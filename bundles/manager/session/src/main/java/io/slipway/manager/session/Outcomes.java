package io.slipway.manager.session;

import io.slipway.manager.store.SessionRecord;
import io.slipway.manager.store.TransitionResult;
import java.util.Optional;

/** Reads results of transitions. */
final class Outcomes {

    private Outcomes() {}

    /** Returns the session as it is after a transition, applied or not; empty if there is none. */
    static Optional<SessionRecord> session(TransitionResult result) {
        return switch (result) {
            case TransitionResult.Applied applied -> Optional.of(applied.session());
            case TransitionResult.Refused refused -> Optional.of(refused.session());
            case TransitionResult.Unknown unknown -> Optional.empty();
        };
    }

    static boolean isApplied(TransitionResult result) {
        return result instanceof TransitionResult.Applied;
    }
}
