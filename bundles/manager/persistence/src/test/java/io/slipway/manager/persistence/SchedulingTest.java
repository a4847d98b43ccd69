package io.slipway.manager.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.store.Placement;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.agent.AgentId;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.session.SessionStatus;
import io.slipway.model.session.SessionType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("io.slipway.manager.persistence.DatabaseKind#all")
class SchedulingTest {

    private final Tenant tenant;

    SchedulingTest(DatabaseKind kind) {
        this.tenant = Tenant.create(kind.shared());
    }

    @Test
    void placesSessionsWithAgentAndAllocations() {
        var session = tenant.admit(tenant.newSession("two", 2, SessionType.INTERACTIVE));
        var at = tenant.tick();
        var placed = tenant.scheduling.commit(tenant.name, 5, List.of(tenant.placement(session)), at);
        assertEquals(Set.of(session.id()), placed);
        var after = tenant.find(session.id());
        assertEquals(SessionStatus.SCHEDULED, after.status());
        assertEquals(at, after.scheduledAt());
        assertEquals(session.requestedSlots(), after.occupiedSlots());
        after.kernels().forEach(kernel -> assertEquals(tenant.agent, kernel.agent()));
        assertEquals(4, tenant.scheduling.occupancy(tenant.name).size());
        tenant.scheduling.occupancy(tenant.name).forEach(held -> {
            assertEquals(tenant.agent, held.agent());
            assertEquals(tenant.owner, held.owner());
        });
        assertEquals(Set.copyOf(after.kernels()), Set.copyOf(tenant.sessions.kernelsOn(tenant.agent)));
        assertTrue(tenant.scheduling.resourceGroups().contains(tenant.name));
    }

    @Test
    void showsTheQueueOldestFirst() {
        var first = tenant.admit();
        var second = tenant.admit();
        var third = tenant.admit();
        tenant.schedule(second);
        assertEquals(List.of(first, third), tenant.scheduling.pending(tenant.name, 10));
        assertEquals(List.of(first), tenant.scheduling.pending(tenant.name, 1));
        assertThrows(IllegalArgumentException.class, () -> tenant.scheduling.pending(tenant.name, 0));
    }

    @Test
    void refusesAStaleToken() {
        var session = tenant.admit();
        var other = tenant.admit();
        assertEquals(
                Set.of(session.id()),
                tenant.scheduling.commit(tenant.name, 7, List.of(tenant.placement(session)), tenant.tick()));
        assertEquals(
                Set.of(), tenant.scheduling.commit(tenant.name, 6, List.of(tenant.placement(other)), tenant.tick()));
        assertEquals(other, tenant.find(other.id()));
        assertEquals(
                Set.of(other.id()),
                tenant.scheduling.commit(tenant.name, 7, List.of(tenant.placement(other)), tenant.tick()));
    }

    @Test
    void placesEachSessionWholeOrNotAtAll() {
        var gone = tenant.admit();
        tenant.moved(gone, KernelStatus.CANCELLED);
        var half = tenant.admit(tenant.newSession("half", 2, SessionType.INTERACTIVE));
        var lost = tenant.admit();
        var good = tenant.admit();
        var halfPlacement =
                new Placement(half.id(), tenant.placement(half).kernels().subList(0, 1));
        var lostPlacement = new Placement(
                lost.id(),
                List.of(new Placement.KernelPlacement(
                        lost.mainKernel().id(), new AgentId("i-nowhere"), Tenant.allocations(lost.mainKernel()))));
        var placements = List.of(tenant.placement(gone), halfPlacement, lostPlacement, tenant.placement(good));
        assertEquals(Set.of(good.id()), tenant.scheduling.commit(tenant.name, 1, placements, tenant.tick()));
        assertEquals(half, tenant.find(half.id()));
        assertEquals(lost, tenant.find(lost.id()));
        assertEquals(2, tenant.scheduling.occupancy(tenant.name).size());
    }

    @Test
    void placesOnlyTheKernelsThatWaitAgain() {
        var session = tenant.schedule(tenant.admit(tenant.newSession("again", 2, SessionType.INTERACTIVE)));
        var back = Tenant.to(session.kernels().get(1), KernelStatus.PENDING);
        tenant.sessions.apply(
                new io.slipway.manager.store.Transition(session.id(), List.of(back), "agent went away", tenant.tick()));
        var waiting = tenant.find(session.id());
        assertEquals(SessionStatus.PENDING, waiting.status());
        assertEquals(SessionStatus.SCHEDULED, tenant.schedule(waiting).status());
    }

    @Test
    void twoSchedulersPlaceEachSessionOnce() throws Exception {
        var waiting = new ArrayList<SessionRecord>();
        for (int i = 0; i < 40; i++) {
            waiting.add(tenant.admit());
        }
        var placements = waiting.stream().map(tenant::placement).toList();
        Callable<Set<?>> schedule =
                () -> Set.copyOf(tenant.scheduling.commit(tenant.name, 1, placements, tenant.tick()));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var sum = 0;
            for (var future : threads.invokeAll(List.of(schedule, schedule, schedule))) {
                sum += future.get().size();
            }
            assertEquals(40, sum);
        }
        assertEquals(80, tenant.scheduling.occupancy(tenant.name).size());
    }

    @Test
    void findsKernelsThatAreLongInAState() {
        var waiting = tenant.schedule(tenant.admit());
        var running = tenant.running();
        var since = tenant.tick();
        tenant.schedule(tenant.admit());
        var found = tenant.sessions.kernelsIn(
                Set.of(KernelStatus.SCHEDULED, KernelStatus.RUNNING, KernelStatus.TERMINATED), since, 10_000);
        assertEquals(
                List.of(waiting.mainKernel(), running.mainKernel()),
                found.stream()
                        .filter(kernel -> tenant.agent.equals(kernel.agent()))
                        .toList());
        assertEquals(List.of(), tenant.sessions.kernelsIn(Set.of(), since, 10));
        assertEquals(
                1,
                tenant.sessions
                        .kernelsIn(Set.of(KernelStatus.SCHEDULED), since, 1)
                        .size());
    }
}
