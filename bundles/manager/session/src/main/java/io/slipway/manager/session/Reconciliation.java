package io.slipway.manager.session;

import io.slipway.agent.api.AgentEvent;
import io.slipway.agent.api.KernelReport;
import io.slipway.agent.api.KernelReport.Phase;
import io.slipway.manager.store.KernelRecord;
import io.slipway.manager.store.SessionRecord;
import io.slipway.manager.store.SessionStore;
import io.slipway.model.agent.AgentId;
import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.kernel.KernelStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what an agent has with what the table says and repairs the difference by the same events that the agent could
 * have told. Never guesses: a kernel that nobody knows is left alone, one that is lacking must lack twice.
 */
final class Reconciliation {

    private static final Logger LOG = LoggerFactory.getLogger(Reconciliation.class);
    private static final Duration BETWEEN_SIGNS = Duration.ofSeconds(10);

    /** So many are told of, each once. */
    private static final int MOST_UNKNOWN = 1_000;

    private final SessionStore store;
    private final Consumer<AgentEvent> events;
    private final WorkQueue queue;
    private final InstantSource clock;
    private final Set<KernelId> unknown = ConcurrentHashMap.newKeySet();
    private final ConcurrentMap<AgentId, Map<KernelId, Instant>> lackingSince = new ConcurrentHashMap<>();

    Reconciliation(SessionStore store, Consumer<AgentEvent> events, WorkQueue queue, InstantSource clock) {
        this.store = store;
        this.events = events;
        this.queue = queue;
        this.clock = clock;
    }

    /**
     * Repairs.
     *
     * @param askedAt when the agent was asked for its reports, or before
     * @return kernels that the agent has though the table says that they ended or are not to be there
     */
    List<KernelReport> reconcile(AgentId agent, List<KernelReport> reports, Instant askedAt) {
        var expected = store.kernelsOn(agent);
        judgeLacking(agent, expected, reports);
        var sessions = store.findAll(
                reports.stream().map(KernelReport::session).distinct().toList());
        var strays = new ArrayList<KernelReport>();
        for (var report : reports) {
            var kernel = kernel(sessions, report);
            if (kernel == null) {
                warnOnce(agent, report.kernel());
            } else if (report.phase() != Phase.ENDED && isStray(kernel, agent)) {
                // one that changed since may have ended or come there after the answer; the next one tells
                if (kernel.statusChangedAt().isBefore(askedAt)) {
                    strays.add(report);
                }
            } else {
                repair(agent, kernel, report);
            }
        }
        return List.copyOf(strays);
    }

    private void warnOnce(AgentId agent, KernelId kernel) {
        if (unknown.size() < MOST_UNKNOWN && unknown.add(kernel)) {
            LOG.warn("agent={} has kernel={} that nobody knows; left alone", agent, kernel);
        }
    }

    private static @Nullable KernelRecord kernel(Map<?, SessionRecord> sessions, KernelReport report) {
        var session = sessions.get(report.session());
        return session == null
                ? null
                : session.kernels().stream()
                        .filter(kernel -> kernel.id().equals(report.kernel()))
                        .findFirst()
                        .orElse(null);
    }

    /** Returns whether the table says that a kernel is not to be on an agent. */
    static boolean isStray(KernelRecord kernel, AgentId agent) {
        return kernel.status().isTerminal() || !agent.equals(kernel.agent());
    }

    private void repair(AgentId agent, KernelRecord kernel, KernelReport report) {
        switch (report.phase()) {
            case STARTING, ENDING -> retell(kernel);
            case RUNNING -> {
                if (kernel.status() == KernelStatus.RESTARTING) {
                    queue.advance(kernel.session()); // the old container or the new one: the agent knows
                } else if (kernel.status() != KernelStatus.RUNNING) {
                    events.accept(new AgentEvent.KernelRunning(
                            agent, kernel.id(), report.containerId(), report.servicePorts(), report.allocations()));
                }
            }
            case ENDED -> {
                if (kernel.status().isTerminal()) {
                    return; // an agent remembers them for long; not a look at the table for each, each time
                }
                var exit = report.exit();
                events.accept(new AgentEvent.KernelEnded(
                        agent,
                        kernel.id(),
                        exit == null ? new KernelExit(ExitReason.SELF_TERMINATED, null, "") : exit,
                        ""));
            }
        }
    }

    private void retell(KernelRecord kernel) {
        if (kernel.status() == KernelStatus.TERMINATING) {
            queue.advance(kernel.session());
        }
    }

    /** Kernels that run or end by the table but not on the agent are gone if that is seen twice. */
    private void judgeLacking(AgentId agent, List<KernelRecord> expected, List<KernelReport> reports) {
        var present = reports.stream().map(KernelReport::kernel).collect(Collectors.toSet());
        var before = lackingSince.getOrDefault(agent, Map.of());
        var now = clock.instant();
        var still = new HashMap<KernelId, Instant>();
        for (var kernel : expected) {
            if (present.contains(kernel.id()) || !isThereByTable(kernel)) {
                continue;
            }
            var since = before.getOrDefault(kernel.id(), now);
            if (now.isBefore(since.plus(BETWEEN_SIGNS))
                    || kernel.statusChangedAt().isAfter(since)) {
                still.put(kernel.id(), kernel.statusChangedAt().isAfter(since) ? now : since);
            } else {
                LOG.warn("kernel={} is gone from agent={}", kernel.id(), agent);
                var exit = new KernelExit(
                        ExitReason.CONTAINER_NOT_FOUND, null, "agent " + agent + " does not have it any more");
                events.accept(new AgentEvent.KernelEnded(agent, kernel.id(), exit, ""));
            }
        }
        lackingSince.put(agent, Map.copyOf(still));
    }

    private static boolean isThereByTable(KernelRecord kernel) {
        return switch (kernel.status()) {
            case RUNNING, RESTARTING, TERMINATING -> true;
            // its creation is repeated until it is there or its deadline is over
            case PENDING, SCHEDULED, PREPARING, PULLING, CREATING -> false;
            case TERMINATED, CANCELLED, ERROR -> false;
        };
    }
}
