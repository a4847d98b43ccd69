package io.slipway.manager.store;

import io.slipway.model.session.SessionStatus;

/** What came of a transition. */
public sealed interface TransitionResult {

    /**
     * It was applied.
     *
     * @param before the session's state before
     * @param session the session after
     */
    record Applied(SessionStatus before, SessionRecord session) implements TransitionResult {}

    /**
     * A kernel was in no expected state, or the table forbids a move; nothing changed.
     *
     * @param session the session as it is
     * @param reason which kernel, and in which state it is
     */
    record Refused(SessionRecord session, String reason) implements TransitionResult {}

    /** There is no such session or kernel. */
    record Unknown() implements TransitionResult {}
}
