package io.slipway.manager.session;

import io.slipway.manager.session.Launcher.Failure;
import io.slipway.manager.store.HistoryEntry;
import io.slipway.manager.store.SessionRecord;
import io.slipway.manager.store.SessionStore;
import io.slipway.manager.store.Transition;
import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelStatus;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what becomes of a session that could not be started: back to the queue if nothing was created and another try
 * may help, failed if nothing was created and none will, else ended, which removes whatever there may be.
 */
final class Setbacks {

    private static final Logger LOG = LoggerFactory.getLogger(Setbacks.class);

    private static final int TRIES = 5;

    private final SessionStore store;
    private final Transitions transitions;
    private final WorkQueue queue;
    private final Settings settings;
    private final InstantSource clock;

    Setbacks(SessionStore store, Transitions transitions, WorkQueue queue, Settings settings, InstantSource clock) {
        this.store = store;
        this.transitions = transitions;
        this.queue = queue;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * An image could not be made ready.
     *
     * @param isFresh whether it is certain that no agent was asked to create a kernel of it
     */
    void prepareFailed(SessionRecord session, Failure failure, boolean isFresh) {
        switch (failure.cause().reason()) {
            case NO_CAPACITY, UNREACHABLE, TIMEOUT -> {
                if (isFresh) {
                    requeue(session, failure.text());
                } else {
                    LOG.info("session={} waits for {}", session.id(), failure.text());
                }
            }
            case INVALID_INPUT, FAILED, UNKNOWN_KERNEL -> {
                var why = new EndReason(ExitReason.FAILED_TO_CREATE, failure.text());
                if (isFresh) {
                    fail(session, why);
                } else {
                    end(session, why);
                }
            }
        }
    }

    /**
     * An agent did not accept a kernel.
     *
     * @param isPartial whether another kernel of the session was accepted
     */
    void createFailed(SessionRecord session, Failure failure, boolean isPartial) {
        var isClean = !isPartial
                && session.kernels().stream().allMatch(kernel -> Moves.BEFORE_CREATION.contains(kernel.status()));
        var why = new EndReason(ExitReason.FAILED_TO_CREATE, failure.text());
        switch (failure.cause().reason()) {
            case NO_CAPACITY -> {
                if (isClean) {
                    requeue(session, failure.text());
                } else {
                    end(session, why);
                }
            }
            case INVALID_INPUT -> {
                if (isClean) {
                    fail(session, why);
                } else {
                    end(session, why);
                }
            }
            case FAILED, UNKNOWN_KERNEL -> end(session, why);
            case TIMEOUT, UNREACHABLE -> LOG.debug("session={} counts as accepted", session.id());
        }
    }

    /** Sends a session back to the queue, or fails it if it was there too often. */
    void requeue(SessionRecord session, String why) {
        var placements = 1
                + store.history(session.id()).stream()
                        .filter(Setbacks::isReturn)
                        .count();
        if (placements >= settings.maxPlacements()) {
            var detail = "gave up after " + placements + " placements; " + why;
            fail(session, new EndReason(ExitReason.FAILED_TO_CREATE, detail));
            return;
        }
        if (apply(session, present -> Moves.backToQueue(present, why, clock.instant()))) {
            LOG.info("session={} back to the queue: {}", session.id(), why);
        }
    }

    private static boolean isReturn(HistoryEntry entry) {
        return entry.subject().equals("session")
                && entry.to().equals(KernelStatus.PENDING.name())
                && !entry.from().isEmpty();
    }

    /** Ends a session that may have containers. */
    void end(SessionRecord session, EndReason why) {
        if (apply(session, present -> Moves.ending(present, why, clock.instant()))) {
            LOG.warn("session={} ends: {}", session.id(), why.text());
            queue.advance(session.id());
        }
    }

    private void fail(SessionRecord session, EndReason why) {
        if (apply(session, present -> Moves.failed(present, why, clock.instant()))) {
            LOG.warn("session={} failed: {}", session.id(), why.text());
        }
    }

    /** Applies what a decision means for the session as it is now, which may be further than when it was read. */
    private boolean apply(SessionRecord session, Function<SessionRecord, Optional<Transition>> decision) {
        var present = Optional.of(session);
        for (int attempt = 0; attempt < TRIES && present.isPresent(); attempt++) {
            var transition = decision.apply(present.get());
            if (transition.isEmpty()) {
                return false;
            }
            var result = transitions.apply(transition.get());
            if (Outcomes.isApplied(result)) {
                return true;
            }
            present = Outcomes.session(result);
        }
        return false;
    }
}
