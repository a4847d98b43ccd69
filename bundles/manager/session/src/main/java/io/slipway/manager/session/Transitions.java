package io.slipway.manager.session;

import io.slipway.manager.store.Transition;
import io.slipway.manager.store.TransitionResult;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionStatus;
import java.util.List;
import java.util.function.Predicate;

/** The way in which this bundle changes states: stored when the call returns. Thread-safe; calls block. */
interface Transitions {

    /**
     * Applies transitions one after the other, each on its own.
     *
     * @return results in the same order
     * @throws io.slipway.model.failure.SlipwayException UNAVAILABLE if it is not known whether they were stored
     */
    List<TransitionResult> apply(List<Transition> chain);

    /** Listens for a state of a session that is stored here, from now on. Close it. */
    SessionWatch.News listen(SessionId session, Predicate<SessionStatus> wanted);

    /** Applies one. */
    default TransitionResult apply(Transition transition) {
        return apply(List.of(transition)).getFirst();
    }
}
