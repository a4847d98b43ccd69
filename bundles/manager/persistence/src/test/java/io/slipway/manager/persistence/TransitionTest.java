package io.slipway.manager.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.persistence.row.AllocationRow;
import io.slipway.manager.store.KernelMove;
import io.slipway.manager.store.SessionRecord;
import io.slipway.manager.store.Transition;
import io.slipway.manager.store.TransitionResult;
import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.agent.DeviceId;
import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.kernel.KernelTransitions;
import io.slipway.model.kernel.ServicePort;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionResult;
import io.slipway.model.session.SessionStatus;
import io.slipway.model.session.SessionType;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("io.slipway.manager.persistence.DatabaseKind#all")
class TransitionTest {

    private final Tenant tenant;

    TransitionTest(DatabaseKind kind) {
        this.tenant = Tenant.create(kind.shared());
    }

    @Test
    void obeysTheTableForEveryPairOfStates() {
        var ways = shortestWays();
        for (var from : KernelStatus.values()) {
            for (var to : KernelStatus.values()) {
                var session = tenant.admit();
                for (var step : ways.get(from)) {
                    session = step == KernelStatus.SCHEDULED ? tenant.schedule(session) : tenant.moved(session, step);
                }
                var result = tenant.move(session, to);
                // a placement makes SCHEDULED, with an agent and its allocations; see SchedulingTest
                if (KernelTransitions.allows(from, to) && to != KernelStatus.SCHEDULED) {
                    var applied = assertInstanceOf(TransitionResult.Applied.class, result, from + " to " + to);
                    assertEquals(to, applied.session().mainKernel().status());
                    assertEquals(session.status(), applied.before());
                    assertEquals(applied.session(), tenant.find(session.id()));
                    assertEquals(to.name(), applied.session().status().name());
                } else {
                    var refused = assertInstanceOf(TransitionResult.Refused.class, result, from + " to " + to);
                    assertEquals(session, refused.session());
                    assertEquals(session, tenant.find(session.id()));
                }
                var now = tenant.find(session.id()).mainKernel();
                assertEquals(
                        now.status().holdsSlots() ? now.request() : SlotAmounts.NONE,
                        now.occupied(),
                        from + " to " + to);
            }
        }
    }

    private static Map<KernelStatus, List<KernelStatus>> shortestWays() {
        var ways = new EnumMap<KernelStatus, List<KernelStatus>>(KernelStatus.class);
        ways.put(KernelStatus.PENDING, List.of());
        var open = new ArrayDeque<>(List.of(KernelStatus.PENDING));
        while (!open.isEmpty()) {
            var from = open.remove();
            for (var to : KernelTransitions.TABLE.getOrDefault(from, Set.of())) {
                if (!ways.containsKey(to)) {
                    var way = new java.util.ArrayList<>(ways.get(from));
                    way.add(to);
                    ways.put(to, way);
                    open.add(to);
                }
            }
        }
        assertEquals(KernelStatus.values().length, ways.size());
        return ways;
    }

    @Test
    void refusesWhenAKernelIsInNoExpectedState() {
        var session = tenant.running();
        var late = new Transition(
                session.id(),
                List.of(KernelMove.of(
                        session.mainKernel().id(), Set.of(KernelStatus.CREATING), KernelStatus.TERMINATING)),
                "late",
                tenant.tick());
        var refused = assertInstanceOf(TransitionResult.Refused.class, tenant.sessions.apply(late));
        assertTrue(refused.reason().contains("is RUNNING, not [CREATING]"), refused.reason());
        assertEquals(session, tenant.find(session.id()));
    }

    @Test
    void movesAllKernelsOrNone() {
        var session = tenant.schedule(tenant.admit(tenant.newSession("pair", 2, SessionType.INTERACTIVE)));
        var moves = List.of(
                Tenant.to(session.kernels().get(0), KernelStatus.PREPARING),
                KernelMove.of(session.kernels().get(1).id(), Set.of(KernelStatus.RUNNING), KernelStatus.TERMINATED));
        assertInstanceOf(
                TransitionResult.Refused.class,
                tenant.sessions.apply(new Transition(session.id(), moves, "half", tenant.tick())));
        assertEquals(session, tenant.find(session.id()));
    }

    @Test
    void refusesAKernelThatIsToMoveTwice() {
        var session = tenant.schedule(tenant.admit());
        var move = Tenant.to(session.mainKernel(), KernelStatus.PREPARING);
        assertInstanceOf(
                TransitionResult.Refused.class,
                tenant.sessions.apply(new Transition(session.id(), List.of(move, move), "twice", tenant.tick())));
    }

    @Test
    void knowsNoStrangers() {
        var session = tenant.admit();
        var stranger = new Transition(
                new SessionId(UUID.randomUUID()),
                List.of(Tenant.to(session.mainKernel(), KernelStatus.CANCELLED)),
                "who?",
                tenant.tick());
        var strangeKernel = new Transition(
                session.id(),
                List.of(KernelMove.of(
                        new KernelId(UUID.randomUUID()), Set.of(KernelStatus.PENDING), KernelStatus.CANCELLED)),
                "who?",
                tenant.tick());
        assertEquals(
                List.of(new TransitionResult.Unknown(), new TransitionResult.Unknown()),
                tenant.sessions.applyAll(List.of(stranger, strangeKernel)));
    }

    @Test
    void aSessionFollowsItsLeastAdvancedKernel() {
        var session = tenant.schedule(tenant.admit(tenant.newSession("follow", 2, SessionType.INTERACTIVE)));
        assertEquals(SessionStatus.SCHEDULED, session.status());
        session = moveOne(session, 0, KernelStatus.PREPARING);
        assertEquals(SessionStatus.SCHEDULED, session.status());
        session = moveOne(session, 1, KernelStatus.PREPARING);
        assertEquals(SessionStatus.PREPARING, session.status());
        session = moveOne(moveOne(session, 0, KernelStatus.CREATING), 1, KernelStatus.CREATING);
        session = moveOne(session, 0, KernelStatus.RUNNING);
        assertEquals(SessionStatus.CREATING, session.status());
        session = moveOne(session, 1, KernelStatus.RUNNING);
        assertEquals(SessionStatus.RUNNING, session.status());
        session = moveOne(session, 1, KernelStatus.ERROR);
        assertEquals(SessionStatus.TERMINATING, session.status());
        session = moveOne(session, 0, KernelStatus.TERMINATED);
        assertEquals(SessionStatus.ERROR, session.status());
        assertEquals(session.statusChangedAt(), session.terminatedAt());
    }

    private SessionRecord moveOne(SessionRecord session, int kernel, KernelStatus to) {
        var move = Tenant.to(session.kernels().get(kernel), to);
        var result = tenant.sessions.apply(new Transition(session.id(), List.of(move), "one", tenant.tick()));
        return assertInstanceOf(TransitionResult.Applied.class, result).session();
    }

    @Test
    void goingBackToPendingFreesSlotsAndForgetsTheAgent() {
        var session = tenant.schedule(tenant.admit());
        session = tenant.moved(session, KernelStatus.PREPARING);
        assertEquals(tenant.agent, session.mainKernel().agent());
        session = tenant.moved(session, KernelStatus.PENDING);
        assertEquals(SessionStatus.PENDING, session.status());
        assertNull(session.mainKernel().agent());
        assertTrue(session.occupiedSlots().isEmpty());
        assertEquals(List.of(), tenant.scheduling.occupancy(tenant.name));
        var id = session.id();
        assertEquals(
                List.of(id),
                tenant.scheduling.pending(tenant.name, 10).stream()
                        .map(SessionRecord::id)
                        .toList());
        session = tenant.schedule(session);
        assertEquals(
                2,
                allocations(session).size()
                        / session.mainKernel().request().amounts().size());
        assertEquals(
                2,
                allocations(session).stream().filter(row -> row.freed() != null).count());
    }

    @Test
    void freesEachAllocationOnceAndKeepsWhen() {
        var session = tenant.running();
        var ended = tenant.moved(session, KernelStatus.TERMINATED);
        var freed = allocations(session);
        assertEquals(2, freed.size());
        freed.forEach(row -> assertEquals(ended.terminatedAt(), row.freed()));
        assertInstanceOf(TransitionResult.Refused.class, tenant.move(session, KernelStatus.TERMINATED));
        assertInstanceOf(TransitionResult.Refused.class, tenant.move(ended, KernelStatus.ERROR));
        allocations(session).forEach(row -> assertEquals(ended.terminatedAt(), row.freed()));
    }

    private List<Freed> allocations(SessionRecord session) {
        var kernels =
                session.kernels().stream().map(kernel -> kernel.id().value()).toList();
        return tenant.database
                .transactions()
                .read(entities -> entities.createQuery(
                                "SELECT a FROM AllocationRow a WHERE a.kernelId IN :ids", AllocationRow.class)
                        .setParameter("ids", kernels)
                        .getResultStream()
                        .map(row -> new Freed(row.allocation(), row.freedAt()))
                        .toList());
    }

    private record Freed(DeviceAllocation allocation, java.time.Instant freed) {}

    @Test
    void aStartedKernelHoldsWhatItReallyGot() {
        var session = tenant.moved(
                tenant.moved(tenant.schedule(tenant.admit()), KernelStatus.PREPARING), KernelStatus.CREATING);
        var really = List.of(
                new DeviceAllocation(new DeviceId("7"), SlotName.CPU, new BigDecimal("0.5")),
                new DeviceAllocation(new DeviceId("8"), SlotName.CPU, new BigDecimal("0.5")));
        var ports = List.of(new ServicePort("jupyter", "http", List.of(8070)));
        var running = started(session, ports, really);
        assertEquals(running, tenant.find(session.id()));
        assertEquals(SlotAmounts.of(SlotName.CPU, BigDecimal.ONE), running.occupiedSlots());
        assertEquals("container", running.mainKernel().containerId());
        assertEquals(ports, running.mainKernel().servicePorts());
        assertEquals(
                Set.copyOf(really),
                Set.copyOf(tenant.scheduling.occupancy(tenant.name).stream()
                        .map(held -> held.allocation())
                        .toList()));
    }

    @Test
    void aRowGoesToTheDeviceThatTheAgentTook() {
        var session = tenant.moved(
                tenant.moved(tenant.schedule(tenant.admit()), KernelStatus.PREPARING), KernelStatus.CREATING);
        var planned = allocations(session);
        var really = planned.stream()
                .map(Freed::allocation)
                .map(one -> one.slot().equals(SlotName.CPU)
                        ? new DeviceAllocation(new DeviceId("7"), one.slot(), one.amount())
                        : one)
                .toList();
        var running = started(session, List.of(), really);

        assertEquals(session.occupiedSlots(), running.occupiedSlots());
        assertEquals(
                Set.copyOf(really),
                Set.copyOf(allocations(session).stream().map(Freed::allocation).toList()));
        assertEquals(planned.size(), allocations(session).size());
        var ended = tenant.moved(running, KernelStatus.TERMINATED);
        allocations(session).forEach(row -> assertEquals(ended.terminatedAt(), row.freed()));
    }

    private SessionRecord started(SessionRecord session, List<ServicePort> ports, List<DeviceAllocation> really) {
        var move = new KernelMove(
                session.mainKernel().id(),
                Set.of(KernelStatus.CREATING),
                KernelStatus.RUNNING,
                new KernelMove.Started("container", ports, really),
                null);
        var result = tenant.sessions.apply(new Transition(session.id(), List.of(move), "up", tenant.tick()));
        return assertInstanceOf(TransitionResult.Applied.class, result).session();
    }

    @Test
    void judgesBatchJobsOnly() {
        assertEquals(SessionResult.SUCCESS, end(SessionType.BATCH, KernelStatus.TERMINATED, 0));
        assertEquals(SessionResult.FAILURE, end(SessionType.BATCH, KernelStatus.TERMINATED, 3));
        assertEquals(SessionResult.FAILURE, end(SessionType.BATCH, KernelStatus.TERMINATED, null));
        assertEquals(SessionResult.FAILURE, end(SessionType.BATCH, KernelStatus.ERROR, 0));
        assertEquals(SessionResult.UNDEFINED, end(SessionType.INTERACTIVE, KernelStatus.TERMINATED, 0));
        assertEquals(SessionResult.UNDEFINED, end(SessionType.INTERACTIVE, KernelStatus.ERROR, 1));
        var cancelled = tenant.admit(tenant.newSession("cancelled", 1, SessionType.BATCH));
        assertEquals(
                SessionResult.UNDEFINED,
                tenant.moved(cancelled, KernelStatus.CANCELLED).result());
    }

    private SessionResult end(SessionType type, KernelStatus to, Integer code) {
        var session = tenant.schedule(tenant.admit(tenant.newSession("end-" + UUID.randomUUID(), 1, type)));
        session = tenant.moved(tenant.moved(session, KernelStatus.PREPARING), KernelStatus.CREATING);
        session = tenant.moved(session, KernelStatus.RUNNING);
        var exit = new KernelExit(ExitReason.SELF_TERMINATED, code, "");
        var move = new KernelMove(
                session.mainKernel().id(), Set.of(KernelStatus.RUNNING), to, null, new KernelMove.Ended(exit, ""));
        var result = tenant.sessions.apply(new Transition(session.id(), List.of(move), "end", tenant.tick()));
        var ended = assertInstanceOf(TransitionResult.Applied.class, result).session();
        assertEquals(exit, ended.mainKernel().exit());
        return ended.result();
    }

    @Test
    void keepsHistoryEventsReasonAndLog() {
        var session = tenant.running();
        var ended = tenant.moved(session, KernelStatus.TERMINATED);
        assertEquals("test TERMINATED", ended.statusInfo());
        assertEquals(
                "the end of the log",
                tenant.sessions.kernelLogs(session.mainKernel().id()));
        assertEquals("", tenant.sessions.kernelLogs(new KernelId(UUID.randomUUID())));
        var states = List.of("PENDING", "SCHEDULED", "PREPARING", "CREATING", "RUNNING", "TERMINATED");
        var history = tenant.sessions.history(session.id());
        for (var subject : List.of("session", "kernel:" + session.mainKernel().id())) {
            var own = history.stream()
                    .filter(entry -> entry.subject().equals(subject))
                    .toList();
            assertEquals(states, own.stream().map(entry -> entry.to()).toList());
            for (int i = 1; i < own.size(); i++) {
                assertEquals(own.get(i - 1).to(), own.get(i).from());
            }
        }
        var unknown = new SessionId(UUID.randomUUID());
        assertEquals(
                Map.of(
                        session.id(),
                        history.stream()
                                .filter(entry -> entry.subject().equals("session"))
                                .toList()),
                tenant.sessions.histories(List.of(session.id(), unknown, session.id())));
        assertEquals(Map.of(), tenant.sessions.histories(List.of()));
        var events = Outbox.unpublished(tenant).stream()
                .filter(event -> event.session().equals(session.id()))
                .toList();
        assertEquals(
                states,
                events.stream()
                        .filter(event -> event.kernel() == null)
                        .map(event -> event.status())
                        .toList());
        assertEquals(
                states.subList(1, states.size()),
                events.stream()
                        .filter(event -> event.kernel() != null)
                        .map(event -> event.status())
                        .toList());
    }

    @Test
    void keepsLongLogsAndReasonsThatFit() {
        var session = tenant.running();
        var log = "line\0\n".repeat(400_000);
        var move = new KernelMove(
                session.mainKernel().id(),
                Set.of(KernelStatus.RUNNING),
                KernelStatus.TERMINATED,
                null,
                new KernelMove.Ended(new KernelExit(ExitReason.SIGNAL, 137, "detail".repeat(1_000)), log));
        var reason = "because ".repeat(1_000);
        var result = tenant.sessions.apply(new Transition(session.id(), List.of(move), reason, tenant.tick()));
        var ended = assertInstanceOf(TransitionResult.Applied.class, result).session();
        assertEquals(4_000, ended.statusInfo().length());
        assertEquals(ended, tenant.find(session.id()));
        assertEquals(
                log.replace('\0', '\uFFFD'),
                tenant.sessions.kernelLogs(session.mainKernel().id()));
    }

    @Test
    void appliesManyEachOnItsOwnInOrder() {
        var first = tenant.schedule(tenant.admit());
        var second = tenant.admit();
        var results = tenant.sessions.applyAll(List.of(
                tenant.transition(first, KernelStatus.PREPARING),
                tenant.transition(second, KernelStatus.RUNNING),
                tenant.transition(first, KernelStatus.PULLING),
                new Transition(
                        first.id(),
                        List.of(KernelMove.of(
                                first.mainKernel().id(), Set.of(KernelStatus.PREPARING), KernelStatus.PULLING)),
                        "then",
                        tenant.tick())));
        assertInstanceOf(TransitionResult.Applied.class, results.get(0));
        assertInstanceOf(TransitionResult.Refused.class, results.get(1));
        assertInstanceOf(TransitionResult.Refused.class, results.get(2));
        var last = assertInstanceOf(TransitionResult.Applied.class, results.get(3));
        assertEquals(SessionStatus.PREPARING, last.before());
        assertEquals(SessionStatus.PULLING, last.session().status());
        assertEquals(last.session(), tenant.find(first.id()));
        assertEquals(second, tenant.find(second.id()));
    }
}
