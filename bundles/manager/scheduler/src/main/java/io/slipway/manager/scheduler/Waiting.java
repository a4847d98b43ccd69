package io.slipway.manager.scheduler;

import io.slipway.manager.store.KernelRecord;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.agent.AgentId;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.session.ClusterMode;
import io.slipway.model.session.SessionId;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.scheduling.spi.PendingSession;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A session that waits for agents.
 *
 * @param session what policies see of it
 * @param kernels its kernels, in order of the shape's requests
 * @param shape what it needs
 * @param avoid agents that could not take it lately, each until when
 * @param conditions what must be before it is placed
 */
record Waiting(
        PendingSession session,
        List<KernelId> kernels,
        Shape shape,
        Map<AgentId, Instant> avoid,
        Conditions conditions) {

    Waiting {
        kernels = List.copyOf(kernels);
        avoid = Map.copyOf(avoid);
    }

    /**
     * What must be before a session is placed.
     *
     * @param startsAt the time that must have come, or null
     * @param dependencies sessions that must have succeeded
     */
    record Conditions(@Nullable Instant startsAt, List<SessionId> dependencies) {

        static final Conditions NONE = new Conditions(null, List.of());

        Conditions {
            dependencies = List.copyOf(dependencies);
        }
    }

    /**
     * What a session needs. Sessions of one shape fit or do not fit alike, so that one look answers for all of them.
     *
     * @param requests per kernel
     * @param architecture of their images
     * @param mode how they may be spread
     * @param agents where they may run, empty for anywhere
     */
    record Shape(List<SlotAmounts> requests, String architecture, ClusterMode mode, Set<AgentId> agents) {

        Shape {
            requests = List.copyOf(requests);
            agents = Set.copyOf(agents);
        }

        /** Returns what all kernels need together. */
        SlotAmounts total() {
            return requests.stream().reduce(SlotAmounts.NONE, SlotAmounts::plus);
        }
    }

    static Waiting of(SessionRecord session, Map<AgentId, Instant> avoid) {
        var shape = new Shape(
                session.kernels().stream().map(KernelRecord::request).toList(),
                session.mainKernel().image().architecture(),
                session.details().clusterMode(),
                session.details().agents().stream().map(AgentId::new).collect(Collectors.toUnmodifiableSet()));
        var pending = new PendingSession(
                session.id(),
                session.owner().value(),
                session.projectId().toString(),
                session.details().priority(),
                session.createdAt(),
                shape.total());
        return new Waiting(
                pending,
                session.kernels().stream().map(KernelRecord::id).toList(),
                shape,
                avoid,
                new Conditions(session.details().startsAt(), session.details().dependencies()));
    }

    SessionId id() {
        return session.session();
    }
}
