package io.slipway.manager.persistence;

import io.slipway.manager.store.Admission;
import io.slipway.manager.store.AdmissionRule;
import io.slipway.manager.store.NewSession;
import io.slipway.manager.store.Placement;
import io.slipway.manager.store.Transition;
import io.slipway.manager.store.TransitionResult;
import io.slipway.model.session.SessionId;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One write that may share a transaction with others. Its outcome is set each time that it is run; the last one counts. Not
 * thread-safe: handed over through {@link WriteQueue}.
 *
 * @param <R> of its outcome
 */
abstract sealed class Write<R> {

    private @Nullable R outcome;

    /** Returns what came of it, once it was committed. */
    final R outcome() {
        if (outcome == null) {
            throw new IllegalStateException("not run yet");
        }
        return outcome;
    }

    final void outcome(R result) {
        outcome = result;
    }

    /** Returns how much work it is, in sessions. */
    int weight() {
        return 1;
    }

    /** A session is to be admitted. */
    static final class Admit extends Write<Admission> {

        final NewSession session;
        final AdmissionRule rule;

        Admit(NewSession session, AdmissionRule rule) {
            this.session = session;
            this.rule = rule;
        }
    }

    /** Transitions are to be applied. */
    static final class Apply extends Write<List<TransitionResult>> {

        final List<Transition> transitions;

        Apply(List<Transition> transitions) {
            this.transitions = transitions;
        }

        @Override
        int weight() {
            return transitions.size();
        }
    }

    /** Placements are to be stored. */
    static final class Place extends Write<Set<SessionId>> {

        final String resourceGroup;
        final long token;
        final List<Placement> placements;
        final Instant at;

        Place(String resourceGroup, long token, List<Placement> placements, Instant at) {
            this.resourceGroup = resourceGroup;
            this.token = token;
            this.placements = placements;
            this.at = at;
        }

        @Override
        int weight() {
            return placements.size();
        }
    }

    /** Anything else. */
    static final class Other<R> extends Write<R> {

        /** The sessions that it may change; null if it may be any, or the name of a user or project. */
        final @Nullable Set<UUID> sessions;

        private final Function<EntityManager, R> work;

        Other(@Nullable Set<UUID> sessions, Function<EntityManager, R> work) {
            this.sessions = sessions;
            this.work = work;
        }

        void run(EntityManager entities) {
            outcome(work.apply(entities));
        }
    }
}
