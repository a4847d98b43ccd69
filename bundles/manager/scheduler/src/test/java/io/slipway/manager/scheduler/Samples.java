package io.slipway.manager.scheduler;

import io.slipway.manager.store.AgentRecord;
import io.slipway.model.agent.AgentId;
import io.slipway.model.agent.AgentStatus;
import io.slipway.model.agent.DeviceCapacity;
import io.slipway.model.agent.DeviceId;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.session.ClusterMode;
import io.slipway.model.session.SessionId;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import io.slipway.model.slot.SlotType;
import io.slipway.scheduling.spi.AgentCandidate;
import io.slipway.scheduling.spi.AgentSelector;
import io.slipway.scheduling.spi.PendingSession;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Agents and sessions for tests of decisions. */
final class Samples {

    static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    static final Map<SlotName, SlotType> TYPES = Map.of(SlotName.CPU, SlotType.COUNT, SlotName.MEM, SlotType.BYTES);

    /** The fullest first; what fits there leaves the rest whole. */
    static final AgentSelector FULLEST = (request, candidates) -> candidates.stream()
            .min(Comparator.comparing((AgentCandidate one) -> one.free().get(SlotName.CPU))
                    .thenComparing(one -> one.agent().value()))
            .map(AgentCandidate::agent);

    static final Comparator<PendingSession> FIFO = Comparator.comparing(PendingSession::createdAt)
            .thenComparing(session -> session.session().value());

    private Samples() {}

    static AgentState agent(String id, int cores, int gibibytes) {
        return AgentState.of(record(id, cores, gibibytes), List.of());
    }

    static AgentRecord record(String id, int cores, int gibibytes) {
        return new AgentRecord(
                new AgentId(id),
                AgentStatus.ALIVE,
                "default",
                true,
                "local",
                "1",
                "x86_64",
                TYPES,
                List.of(
                        new DeviceCapacity(new DeviceId("cores"), SlotName.CPU, BigDecimal.valueOf(cores), true, -1),
                        new DeviceCapacity(new DeviceId("memory"), SlotName.MEM, gib(gibibytes), true, -1)),
                Map.of(),
                Map.of(),
                NOW,
                null);
    }

    static Snapshot snapshot(AgentState... agents) {
        return new Snapshot("default", Arrays.asList(agents), Map.of(), TYPES, NOW);
    }

    static SlotAmounts needs(int cores, int gibibytes) {
        return SlotAmounts.of(Map.of(SlotName.CPU, BigDecimal.valueOf(cores), SlotName.MEM, gib(gibibytes)));
    }

    /** A session of one kernel that was accepted so many seconds before now. */
    static Waiting waiting(int number, int seconds, SlotAmounts... kernels) {
        return waiting(number, seconds, ClusterMode.SINGLE_NODE, kernels);
    }

    static Waiting waiting(int number, int seconds, ClusterMode mode, SlotAmounts... kernels) {
        var shape = new Waiting.Shape(List.of(kernels), "x86_64", mode, Set.of());
        var id = new SessionId(new UUID(1, number));
        var ids = new ArrayList<KernelId>();
        for (int i = 0; i < kernels.length; i++) {
            ids.add(new KernelId(new UUID(number, i)));
        }
        var session =
                new PendingSession(id, "owner" + number % 3, "project", 10, NOW.minusSeconds(seconds), shape.total());
        return new Waiting(session, ids, shape, Map.of(), Waiting.Conditions.NONE);
    }

    private static BigDecimal gib(int count) {
        return BigDecimal.valueOf((long) count << 30);
    }
}
