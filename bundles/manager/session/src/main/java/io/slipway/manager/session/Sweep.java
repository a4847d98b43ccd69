package io.slipway.manager.session;

import static io.slipway.model.kernel.KernelStatus.CREATING;
import static io.slipway.model.kernel.KernelStatus.PENDING;
import static io.slipway.model.kernel.KernelStatus.PREPARING;
import static io.slipway.model.kernel.KernelStatus.PULLING;
import static io.slipway.model.kernel.KernelStatus.RESTARTING;
import static io.slipway.model.kernel.KernelStatus.SCHEDULED;
import static io.slipway.model.kernel.KernelStatus.TERMINATING;

import io.slipway.manager.store.KernelMove;
import io.slipway.manager.store.KernelRecord;
import io.slipway.manager.store.SessionRecord;
import io.slipway.manager.store.SessionStore;
import io.slipway.model.agent.AgentId;
import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.session.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at every kernel that waits for something: repeats what it waits for, and ends the wait when its deadline is over.
 * The first look after a start takes up what the manager before it left. Used by one thread.
 */
final class Sweep {

    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
    private static final Set<KernelStatus> WAITING =
            Set.of(SCHEDULED, PREPARING, PULLING, CREATING, RESTARTING, TERMINATING);
    private static final int LIMIT = 10_000;
    private static final Duration HELD_BACK_ASKED_EVERY = Duration.ofSeconds(30);

    private final SessionStore store;
    private final Transitions transitions;
    private final WorkQueue queue;
    private final Setbacks setbacks;
    private final Predicate<AgentId> isAgentThere;
    private final Settings settings;
    private final InstantSource clock;
    private Map<KernelId, Instant> repeatedAt = Map.of();
    private Map<SessionId, Instant> heldBackUntil = Map.of();
    private boolean isFirst = true;

    Sweep(
            SessionStore store,
            Transitions transitions,
            WorkQueue queue,
            Setbacks setbacks,
            Predicate<AgentId> isAgentThere,
            Settings settings,
            InstantSource clock) {
        this.store = store;
        this.transitions = transitions;
        this.queue = queue;
        this.setbacks = setbacks;
        this.isAgentThere = isAgentThere;
        this.settings = settings;
        this.clock = clock;
    }

    /** Looks once. */
    void sweep() {
        var now = clock.instant();
        expirePending(now);
        var since = isFirst ? now : now.minus(settings.retryEvery());
        var repeated = new HashMap<KernelId, Instant>();
        for (var kernel : store.kernelsIn(WAITING, since, LIMIT)) {
            if (isOverdue(kernel, now)) {
                expire(kernel);
            }
            repeated.put(kernel.id(), repeat(kernel, now));
        }
        repeatedAt = Map.copyOf(repeated);
        isFirst = false;
    }

    /** A session that is held back is not looked at again each time: there may be many, for long. */
    private void expirePending(Instant now) {
        var heldBack = new HashMap<SessionId, Instant>();
        for (var kernel : store.kernelsIn(Set.of(PENDING), now.minus(settings.pending()), LIMIT)) {
            var until =
                    heldBack.getOrDefault(kernel.session(), heldBackUntil.getOrDefault(kernel.session(), Instant.MIN));
            if (now.isBefore(until)) {
                heldBack.put(kernel.session(), until);
            } else if (!expire(kernel)) {
                heldBack.put(kernel.session(), now.plus(HELD_BACK_ASKED_EVERY));
            }
        }
        heldBackUntil = heldBack;
    }

    private Instant repeat(KernelRecord kernel, Instant now) {
        var last = repeatedAt.get(kernel.id());
        if (last != null && now.isBefore(last.plus(settings.retryEvery()))) {
            return last;
        }
        queue.advance(kernel.session());
        return now;
    }

    private boolean isOverdue(KernelRecord kernel, Instant now) {
        return !now.isBefore(kernel.statusChangedAt().plus(deadline(kernel.status())));
    }

    private Duration deadline(KernelStatus status) {
        return switch (status) {
            case PENDING -> settings.pending();
            case SCHEDULED -> settings.scheduled();
            case PREPARING -> settings.preparing();
            case PULLING -> settings.pulling();
            case CREATING, RESTARTING -> settings.creating();
            case TERMINATING -> settings.terminating();
            case RUNNING, TERMINATED, CANCELLED, ERROR ->
                throw new IllegalArgumentException(status + " is not waited in");
        };
    }

    /** Returns whether its time was over. */
    private boolean expire(KernelRecord kernel) {
        var session = store.find(kernel.session());
        if (session.isEmpty() || !isStillSo(session.get(), kernel)) {
            return true; // it moved, or its deadline was handled with a sibling's
        }
        var limit = words(deadline(kernel.status()));
        switch (kernel.status()) {
            case PENDING -> {
                if (isHeldBack(session.get())) {
                    return false;
                }
                setbacks.end(
                        session.get(),
                        new EndReason(ExitReason.PENDING_TIMEOUT, "no agent could take it within " + limit));
            }
            case SCHEDULED -> setbacks.requeue(session.get(), "not launched within " + limit);
            case PREPARING, PULLING, CREATING, RESTARTING ->
                setbacks.end(
                        session.get(),
                        new EndReason(
                                ExitReason.START_TIMEOUT,
                                kernel.status() + " on agent " + kernel.agent() + " took longer than " + limit));
            case TERMINATING -> expireEnding(session.get(), kernel, limit);
            case RUNNING, TERMINATED, CANCELLED, ERROR ->
                throw new IllegalArgumentException(kernel.status() + " is not waited in");
        }
        return true;
    }

    /** Its time begins when it may start. */
    private boolean isHeldBack(SessionRecord session) {
        var details = session.details();
        var startsAt = details.startsAt();
        return (startsAt != null && clock.instant().isBefore(startsAt.plus(settings.pending())))
                || store.findAll(details.dependencies()).values().stream()
                        .anyMatch(dependency -> !dependency.status().isTerminal());
    }

    /**
     * A living agent is asked on until it confirms, so that nothing is placed on slots that are taken. One that is gone is
     * not waited for: nothing can be placed there, and when it comes back, what it still has is removed.
     */
    private void expireEnding(SessionRecord session, KernelRecord kernel, String limit) {
        var agent = kernel.agent();
        if (agent != null && isAgentThere.test(agent)) {
            var why = EndReason.parse(session.statusInfo()).reason().wireName() + ": agent " + agent
                    + " has not confirmed the end for more than " + limit;
            if (!why.equals(session.statusInfo())) {
                LOG.warn("session={} {}", session.id(), why);
                store.touch(Map.of(), Map.of(session.id(), why));
            }
            return;
        }
        var reason = EndReason.parse(kernel.statusInfo()).reason();
        var exit = new EndReason(reason, "agent " + agent + " is gone and did not confirm within " + limit).exit();
        LOG.warn("kernel={} counts as ended: {}", kernel.id(), exit.detail());
        transitions.apply(Moves.ended(session, kernel, new KernelMove.Ended(exit, ""), clock.instant()));
    }

    private static boolean isStillSo(SessionRecord session, KernelRecord kernel) {
        return session.kernels().stream()
                .filter(now -> now.id().equals(kernel.id()))
                .anyMatch(now -> now.status() == kernel.status());
    }

    private static String words(Duration duration) {
        return duration.toSeconds() < 120 ? duration.toSeconds() + " s" : duration.toMinutes() + " min";
    }
}
