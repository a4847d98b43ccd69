package io.slipway.manager.session;

import io.slipway.agent.api.AgentEvent;
import io.slipway.agent.api.KernelReport;
import io.slipway.manager.api.KernelEvents;
import io.slipway.manager.store.KernelMove;
import io.slipway.manager.store.KernelRecord;
import io.slipway.manager.store.SessionRecord;
import io.slipway.manager.store.SessionStore;
import io.slipway.manager.store.Transition;
import io.slipway.model.agent.AgentId;
import io.slipway.model.kernel.KernelId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what agents tell into transitions. What no longer fits, fits elsewhere or came before changes nothing. */
@Component
public final class KernelEventApplier implements KernelEvents {

    private static final Logger LOG = LoggerFactory.getLogger(KernelEventApplier.class);

    /** A kernel can change between reading and writing, but hardly more often than it has states. */
    private static final int TRIES = 5;

    private final SessionStore store;
    private final Transitions transitions;
    private final WorkQueue queue;
    private final InstantSource clock;
    private final Reconciliation reconciliation;

    /** Used by the component runtime. */
    @Activate
    public KernelEventApplier(
            @Reference SessionStore store, @Reference Transitions transitions, @Reference WorkQueue queue) {
        this(store, transitions, queue, InstantSource.system());
    }

    KernelEventApplier(SessionStore store, Transitions transitions, WorkQueue queue, InstantSource clock) {
        this.store = store;
        this.transitions = transitions;
        this.queue = queue;
        this.clock = clock;
        this.reconciliation = new Reconciliation(store, event -> apply(event, false), queue, clock);
    }

    @Override
    public List<KernelReport> reconcile(AgentId agent, List<KernelReport> kernels, Instant askedAt) {
        return reconciliation.reconcile(agent, kernels, askedAt);
    }

    @Override
    public void apply(AgentEvent event) {
        apply(event, true);
    }

    /**
     * Applies an event.
     *
     * @param isTold whether the agent told it; what a comparison found may be older than the table, and makes no stray
     */
    private void apply(AgentEvent event, boolean isTold) {
        var found = store.findByKernel(event.kernel());
        if (found.isEmpty()) {
            LOG.warn("agent={} tells of kernel={} that nobody knows; left alone", event.agent(), event.kernel());
            return;
        }
        var session = found.get();
        for (int attempt = 0; attempt < TRIES; attempt++) {
            var kernel = kernel(session, event.kernel());
            if (isTold && event instanceof AgentEvent.KernelRunning) {
                removeStray(kernel, event.agent());
            }
            var chain = transitions(session, kernel, event);
            if (chain.isEmpty()) {
                return;
            }
            var result = transitions.apply(chain).getLast();
            session = Outcomes.session(result).orElse(session);
            if (Outcomes.isApplied(result)) {
                afterwards(session);
                return;
            }
        }
        LOG.warn("kernel={} changes too often to apply {}", event.kernel(), event);
    }

    /** The table may say that a kernel that came up has ended, or that it is not to be there. */
    private void removeStray(KernelRecord kernel, AgentId agent) {
        if (Reconciliation.isStray(kernel, agent)) {
            queue.removeStray(agent, kernel.id());
        }
    }

    private List<Transition> transitions(SessionRecord session, KernelRecord kernel, AgentEvent event) {
        return switch (event) {
            case AgentEvent.KernelPulling pulling -> pulling(session, kernel, pulling);
            case AgentEvent.KernelRunning running -> running(session, kernel, running);
            case AgentEvent.KernelEnded ended -> ended(session, kernel, ended);
        };
    }

    private List<Transition> pulling(SessionRecord session, KernelRecord kernel, AgentEvent.KernelPulling event) {
        return switch (kernel.status()) {
            case PREPARING ->
                isBoundTo(kernel, event.agent())
                        ? List.of(Moves.pulling(session, kernel.id(), clock.instant()))
                        : List.of();
            case PENDING, SCHEDULED, PULLING, CREATING, RUNNING, RESTARTING, TERMINATING -> List.of();
            case TERMINATED, CANCELLED, ERROR -> List.of();
        };
    }

    private List<Transition> running(SessionRecord session, KernelRecord kernel, AgentEvent.KernelRunning event) {
        if (Reconciliation.isStray(kernel, event.agent())) {
            return List.of();
        }
        return switch (kernel.status()) {
            case PREPARING, PULLING, CREATING, RESTARTING -> {
                var started = new KernelMove.Started(event.containerId(), event.servicePorts(), event.allocations());
                yield Moves.running(session, kernel, started, clock.instant());
            }
            case TERMINATING -> {
                queue.advance(session.id()); // it came up after all: tell the agent again
                yield List.of();
            }
            // SCHEDULED: left from before on the same agent; told once more when it is created
            case PENDING, SCHEDULED, RUNNING, TERMINATED, CANCELLED, ERROR -> List.of();
        };
    }

    private List<Transition> ended(SessionRecord session, KernelRecord kernel, AgentEvent.KernelEnded event) {
        return switch (kernel.status()) {
            case PREPARING, PULLING, CREATING, RUNNING, RESTARTING, TERMINATING ->
                isBoundTo(kernel, event.agent())
                        ? List.of(Moves.ended(
                                session, kernel, new KernelMove.Ended(event.exit(), event.logs()), clock.instant()))
                        : List.of();
            case PENDING, SCHEDULED, TERMINATED, CANCELLED, ERROR -> List.of();
        };
    }

    private void afterwards(SessionRecord session) {
        if (session.kernels().stream().anyMatch(kernel -> kernel.status().isTerminal())
                && !session.status().isTerminal()) {
            queue.advance(session.id()); // its other kernels are to end, too
        }
    }

    private static boolean isBoundTo(KernelRecord kernel, AgentId agent) {
        return agent.equals(kernel.agent());
    }

    private static KernelRecord kernel(SessionRecord session, KernelId id) {
        return session.kernels().stream()
                .filter(kernel -> kernel.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("session " + session.id() + " lost kernel " + id));
    }
}
