package io.slipway.manager.session;

import io.slipway.manager.store.SessionRecord;
import io.slipway.manager.store.SessionStore;
import io.slipway.manager.store.Transition;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.identity.Principal;
import io.slipway.model.kernel.ExitReason;
import io.slipway.model.session.SessionStatus;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who may end or restart a session in which state, and what that does. */
final class Destruction {

    private static final Logger LOG = LoggerFactory.getLogger(Destruction.class);

    /** A session can move between reading and writing, but hardly more often than it has states. */
    private static final int TRIES = 10;

    private final SessionStore store;
    private final Transitions transitions;
    private final WorkQueue queue;
    private final InstantSource clock;

    Destruction(SessionStore store, Transitions transitions, WorkQueue queue, InstantSource clock) {
        this.store = store;
        this.transitions = transitions;
        this.queue = queue;
        this.clock = clock;
    }

    /** Ends a session; see {@link io.slipway.manager.api.SessionService#destroy}. */
    SessionRecord destroy(Principal caller, SessionRecord session, boolean forced) {
        var present = session;
        for (int attempt = 0; attempt < TRIES; attempt++) {
            var hasEndedMeanwhile = attempt > 0 && present.status().isTerminal();
            if (hasEndedMeanwhile) {
                return present;
            }
            check(caller, present, forced);
            if (present.status() == SessionStatus.ERROR) {
                return present; // by force: nothing changes
            }
            if (present.status() == SessionStatus.TERMINATING) {
                return press(present);
            }
            var why = new EndReason(forced ? ExitReason.FORCE_TERMINATED : ExitReason.USER_REQUESTED);
            var transition = Moves.ending(present, why, clock.instant());
            if (transition.isEmpty()) {
                return present;
            }
            var result = transitions.apply(transition.get());
            present = Outcomes.session(result)
                    .orElseThrow(() -> SlipwayException.notFound("session", "Session " + session.id() + " not found"));
            if (Outcomes.isApplied(result)) {
                LOG.info("session={} ends: {}", present.id(), why.text());
                queue.advance(present.id());
                return present;
            }
        }
        throw new SlipwayException(
                FailureCode.UNAVAILABLE, "Session " + session.name() + " is changing too quickly; try again");
    }

    /** Starts a session anew; see {@link io.slipway.manager.api.SessionService#restart}. */
    SessionRecord restart(SessionRecord session) {
        if (session.status() == SessionStatus.RESTARTING) {
            return session;
        }
        var transition = session.status() == SessionStatus.RUNNING
                ? Moves.restarting(session, clock.instant())
                : Optional.<Transition>empty();
        var result = transition.map(transitions::apply);
        var present = result.flatMap(Outcomes::session).orElse(session);
        if (result.filter(Outcomes::isApplied).isEmpty()) {
            throw new SlipwayException(
                    FailureCode.BAD_REQUEST,
                    "Session " + session.name() + " is " + present.status().wireName() + ", not RUNNING");
        }
        LOG.info("session={} is started anew", present.id());
        queue.advance(present.id());
        return present;
    }

    /** It ends already: from now on without grace. */
    private SessionRecord press(SessionRecord session) {
        var why = new EndReason(ExitReason.FORCE_TERMINATED);
        if (EndReason.parse(session.statusInfo()).reason() == ExitReason.USER_REQUESTED) {
            store.touch(Map.of(), Map.of(session.id(), why.text()));
        }
        queue.advance(session.id());
        return store.find(session.id()).orElse(session);
    }

    private static void check(Principal caller, SessionRecord session, boolean forced) {
        switch (session.status()) {
            case PENDING, RUNNING, RESTARTING -> {}
            case SCHEDULED, PREPARING, CREATING, TERMINATING, ERROR -> {
                if (!forced) {
                    throw forbidden(session, "use the forced option");
                }
            }
            case PULLING -> {
                if (!forced || !caller.isSuperadmin()) {
                    throw forbidden(session, "only a superadmin can end it by force");
                }
            }
            case TERMINATED, CANCELLED -> throw forbidden(session, "it has ended");
        }
    }

    private static SlipwayException forbidden(SessionRecord session, String advice) {
        return new SlipwayException(
                FailureCode.FORBIDDEN,
                "Session " + session.name() + " is " + session.status().wireName() + ": " + advice);
    }
}
