package io.slipway.manager.scheduler;

import io.slipway.manager.api.Outbox;
import io.slipway.manager.scheduler.Mailbox.News;
import io.slipway.manager.store.KernelMove;
import io.slipway.manager.store.KernelRecord;
import io.slipway.manager.store.Placement;
import io.slipway.manager.store.SchedulingStore;
import io.slipway.manager.store.SessionRecord;
import io.slipway.manager.store.SessionStore;
import io.slipway.manager.store.Transition;
import io.slipway.model.agent.AgentId;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The scheduler of one resource group. Keeps what it knows in memory while it leads; builds it anew from the table when it
 * begins to lead, every now and then, and whenever something does not fit. Used by one thread.
 */
final class GroupScheduler {

    private static final Logger LOG = LoggerFactory.getLogger(GroupScheduler.class);
    private static final int BATCH = 500;
    private static final int QUEUE = 200_000;
    private static final int REASONS = 500;
    private static final Duration REASONS_EVERY = Duration.ofSeconds(1);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final int LONGEST_PAUSE_SHIFT = 4;

    private final String group;
    private final Stores stores;
    private final GroupPolicies policies;
    private final Leadership leadership;
    private final Times times;
    private final InstantSource clock;
    private final GroupView view;
    private final PendingQueue queue = new PendingQueue();
    private final Map<SessionId, Integer> returns = new HashMap<>();
    private OptionalLong builtFor = OptionalLong.empty();
    private Instant rebuildAt = Instant.MIN;
    private Instant reasonsAt = Instant.MIN;
    private GroupPolicies.Ids ids;

    /** What is read and written. */
    record Stores(SessionStore sessions, SchedulingStore scheduling, Outbox outbox) {}

    /**
     * Times.
     *
     * @param patience how long a session may be passed over
     * @param rebuildEvery how long the view in memory is trusted
     */
    record Times(Duration patience, Duration rebuildEvery) {}

    GroupScheduler(
            String group,
            Stores stores,
            GroupPolicies policies,
            Leadership leadership,
            Times times,
            InstantSource clock,
            GroupView view) {
        this.group = group;
        this.stores = stores;
        this.policies = policies;
        this.ids = policies.defaults();
        this.leadership = leadership;
        this.times = times;
        this.clock = clock;
        this.view = view;
    }

    /** Takes the news and decides, if this manager leads. */
    void pass(News news) {
        var token = leadership.token();
        if (token.isEmpty()) {
            builtFor = OptionalLong.empty();
            return;
        }
        if (!token.equals(builtFor) || news.isIncomplete || !clock.instant().isBefore(rebuildAt)) {
            rebuild(token);
        } else {
            learn(news);
        }
        while (!queue.isEmpty() && decide(token.getAsLong())) {
            LOG.trace("group={} has more to place", group);
        }
    }

    /** Lets another manager lead at once. */
    void giveUp() {
        leadership.giveUp();
    }

    private void rebuild(OptionalLong token) {
        view.rebuild(stores.scheduling().occupancy(group));
        queue.clear();
        stores.scheduling().pending(group, QUEUE).forEach(this::enqueue);
        readPolicies();
        returns.keySet().removeIf(session -> !queue.contains(session));
        builtFor = token;
        rebuildAt = clock.instant().plus(times.rebuildEvery());
        LOG.debug("group={} read anew: {} sessions wait", group, queue.size());
    }

    private void readPolicies() {
        try {
            ids = policies.ids(group);
        } catch (SlipwayException e) {
            LOG.warn("group={} keeps its policies {}: {}", group, ids, e.getMessage());
        }
    }

    private void learn(News news) {
        queue.remove(news.ended);
        news.ended.forEach(returns::remove);
        view.release(news.kernels);
        if (news.isAgentChange) {
            view.refreshAgents();
        }
        if (!news.waiting.isEmpty()) {
            // read anew: the event may be older than what this scheduler did since
            stores.sessions().findAll(news.waiting).values().stream()
                    .filter(session -> session.status() == SessionStatus.PENDING)
                    .forEach(this::enqueue);
        }
    }

    private void enqueue(SessionRecord session) {
        var kernels = session.kernels().stream().map(KernelRecord::id).toList();
        var avoid = new HashMap<AgentId, Instant>();
        var before = agentsOf(kernels);
        if (view.release(kernels)) {
            // it was placed and came back: these agents could not take it, and what we know of them may be wrong
            var count = returns.merge(session.id(), 1, Integer::sum);
            var until = clock.instant().plus(FIRST_PAUSE.multipliedBy(1L << Math.min(count - 1, LONGEST_PAUSE_SHIFT)));
            before.forEach(agent -> avoid.put(agent, until));
            rebuildAt = clock.instant().plusSeconds(1);
        }
        queue.put(Waiting.of(session, avoid), session.statusInfo());
    }

    private Collection<AgentId> agentsOf(List<KernelId> kernels) {
        return kernels.stream().flatMap(kernel -> view.agentOf(kernel).stream()).collect(Collectors.toSet());
    }

    /** Decides once; returns whether there is more to place at once. */
    private boolean decide(long token) {
        var now = clock.instant();
        try (var leased = policies.lease(ids)) {
            var holds = hold(now);
            var order = queue.sorted(
                    leased.sequencing().get().order(view.usage()),
                    holds.reasons().keySet());
            var decision =
                    Decider.decide(view.snapshot(now), order, leased.selector().get(), times.patience(), BATCH);
            var isCommitted = commit(token, decision.placements(), now);
            var reasons = new HashMap<>(holds.reasons());
            reasons.putAll(decision.reasons());
            show(reasons, now);
            return isCommitted && !decision.isComplete();
        } catch (SlipwayException e) {
            LOG.warn("group={} cannot decide now: {}", group, e.getMessage());
            showAll(String.valueOf(e.getMessage()), now);
            return false;
        }
    }

    /** Looks who may not start yet, and ends those that never will. */
    private Holds hold(Instant now) {
        var conditional = queue.conditional();
        if (conditional.isEmpty()) {
            return Holds.NONE;
        }
        var known = stores.sessions().findAll(Holds.dependencies(conditional));
        var holds = Holds.look(conditional, known, now);
        conditional.stream()
                .filter(waiting -> holds.hopeless().containsKey(waiting.id()))
                .forEach(waiting -> cancel(waiting, holds.hopeless().getOrDefault(waiting.id(), ""), now));
        return holds;
    }

    private void cancel(Waiting waiting, String why, Instant now) {
        var exit = new KernelExit(ExitReason.DEPENDENCY_FAILED, null, why);
        var moves = waiting.kernels().stream()
                .map(kernel -> new KernelMove(
                        kernel,
                        Set.of(KernelStatus.PENDING),
                        KernelStatus.CANCELLED,
                        null,
                        new KernelMove.Ended(exit, "")))
                .toList();
        var reason = exit.reason().wireName() + ": " + why;
        // refused if it is not PENDING any more, which is as good
        stores.sessions().apply(new Transition(waiting.id(), moves, reason, now));
        queue.remove(List.of(waiting.id()));
        stores.outbox().wake();
        LOG.info("session={} cancelled: {}", waiting.id(), reason);
    }

    /** Stores placements; returns whether this manager still leads. */
    private boolean commit(long token, List<Placement> placements, Instant now) {
        if (placements.isEmpty()) {
            return true;
        }
        var placed = stores.scheduling().commit(group, token, placements, now);
        for (var placement : placements) {
            if (placed.contains(placement.session())) {
                view.hold(placement, queue.ownerOf(placement.session()));
            }
        }
        queue.remove(placements.stream().map(Placement::session).toList());
        if (!placed.isEmpty()) {
            stores.outbox().wake();
            LOG.debug("group={} placed {} of {}", group, placed.size(), placements.size());
        }
        return placed.size() == placements.size() || isStillLeading(placements, placed);
    }

    /** A session that was refused though it still waits means that the token is stale. */
    private boolean isStillLeading(List<Placement> placements, Collection<SessionId> placed) {
        var refused = placements.stream()
                .map(Placement::session)
                .filter(session -> !placed.contains(session))
                .toList();
        var waits = stores.sessions().findAll(refused).values().stream()
                .anyMatch(session -> session.status() == SessionStatus.PENDING);
        if (waits) {
            LOG.info("group={} is led by another manager now", group);
            leadership.doubt();
            builtFor = OptionalLong.empty();
        }
        return !waits;
    }

    private void show(Map<SessionId, String> reasons, Instant now) {
        if (reasons.isEmpty() || now.isBefore(reasonsAt)) {
            return;
        }
        var news = queue.news(reasons, REASONS);
        if (!news.isEmpty()) {
            stores.sessions().touch(Map.of(), news);
            queue.shown(news);
            reasonsAt = now.plus(REASONS_EVERY);
        }
    }

    private void showAll(String reason, Instant now) {
        show(queue.all().stream().collect(Collectors.toMap(Waiting::id, waiting -> reason)), now);
    }
}
