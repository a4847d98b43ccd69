package io.slipway.manager.session;

import io.slipway.agent.api.Agent;
import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.KernelReport;
import io.slipway.manager.api.AgentDirectory;
import io.slipway.manager.api.KernelEvents;
import io.slipway.model.agent.AgentId;
import io.slipway.model.agent.AgentStatus;
import io.slipway.model.failure.SlipwayException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks every living agent for its kernels: when it appears and every now and then. Strays that it names are removed there.
 * Used by one thread; each agent is asked on a thread of its own.
 */
final class ReconcileRounds {

    private static final Logger LOG = LoggerFactory.getLogger(ReconcileRounds.class);

    private final AgentDirectory directory;
    private final AgentCalls calls;
    private final KernelEvents events;
    private final WorkQueue queue;
    private final Duration every;
    private final InstantSource clock;
    private final Executor executor;
    private final Map<AgentId, Boolean> underWay = new ConcurrentHashMap<>();
    private Map<AgentId, Instant> lastAsked = Map.of();

    ReconcileRounds(
            AgentDirectory directory,
            AgentCalls calls,
            KernelEvents events,
            WorkQueue queue,
            Duration every,
            InstantSource clock,
            Executor executor) {
        this.directory = directory;
        this.calls = calls;
        this.events = events;
        this.queue = queue;
        this.every = every;
        this.clock = clock;
        this.executor = executor;
    }

    /** Asks those agents whose time has come; one that was away is asked at once. */
    void round() {
        var now = clock.instant();
        var asked = new HashMap<AgentId, Instant>();
        for (var view : directory.agents()) {
            var agent = view.record().id();
            if (view.record().status() != AgentStatus.ALIVE
                    || directory.connect(agent).isEmpty()) {
                continue; // forgotten, so that it is asked as soon as it is back
            }
            var last = lastAsked.get(agent);
            if (last == null || !now.isBefore(last.plus(every))) {
                asked.put(agent, now);
                ask(agent);
            } else {
                asked.put(agent, last);
            }
        }
        lastAsked = Map.copyOf(asked);
    }

    private void ask(AgentId agent) {
        if (underWay.putIfAbsent(agent, true) == null) {
            executor.execute(() -> {
                try {
                    askAndSurvive(agent);
                } finally {
                    underWay.remove(agent);
                }
            });
        }
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: the next round asks again
    private void askAndSurvive(AgentId agent) {
        try {
            var askedAt = clock.instant();
            List<KernelReport> kernels = calls.call(agent, AgentCalls.Kind.OTHER, Agent::kernels);
            events.reconcile(agent, kernels, askedAt).forEach(stray -> queue.removeStray(agent, stray.kernel()));
        } catch (AgentException e) {
            LOG.info("agent={} did not tell its kernels: {}", agent, e.getMessage());
        } catch (SlipwayException e) {
            LOG.warn("agent={} not compared with the table: {}", agent, e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("agent={} not compared with the table", agent, e);
        }
    }
}
