package io.slipway.manager.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.persistence.row.AllocationRow;
import io.slipway.manager.store.Admission;
import io.slipway.manager.store.KernelMove;
import io.slipway.manager.store.SessionRecord;
import io.slipway.manager.store.Transition;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionStatus;
import io.slipway.model.session.SessionTransitions;
import io.slipway.model.session.SessionType;
import io.slipway.model.slot.SlotAmounts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Many actors do random things to the same sessions at once, duplicates and late answers included; then the books must agree. */
@ParameterizedClass
@MethodSource("io.slipway.manager.persistence.DatabaseKind#all")
class InterleavingTest {

    private static final int ACTORS = 12;
    private static final int STEPS = 120;
    private static final List<KernelStatus> STATES = List.of(KernelStatus.values());

    private final Tenant tenant;
    private final List<SessionId> sessions = Collections.synchronizedList(new ArrayList<>());
    private final Map<SessionId, SessionStatus> ended = new ConcurrentHashMap<>();

    InterleavingTest(DatabaseKind kind) {
        this.tenant = Tenant.create(kind.shared());
    }

    @Test
    void theBooksAgreeWhateverHappens() throws Exception {
        var seed = System.nanoTime();
        var actors = new ArrayList<Callable<String>>();
        for (int i = 0; i < ACTORS; i++) {
            var random = new Random(seed + i);
            actors.add(() -> {
                for (int step = 0; step < STEPS; step++) {
                    act(random);
                }
                return "done";
            });
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var future : threads.invokeAll(actors, 60, TimeUnit.SECONDS)) {
                assertEquals("done", future.get(), "seed " + seed);
            }
        }
        checkSessions("seed " + seed);
        checkAllocations("seed " + seed);
    }

    private void act(Random random) {
        switch (sessions.isEmpty() ? 0 : random.nextInt(10)) {
            case 0 -> admit(random);
            case 1, 2 -> place(random);
            default -> move(random);
        }
    }

    private void admit(Random random) {
        var name = "s" + random.nextInt(30);
        var wanted = tenant.newSession(name, 1 + random.nextInt(3), SessionType.INTERACTIVE);
        if (tenant.sessions.admit(wanted, Tenant.AGREE) instanceof Admission.Admitted admitted) {
            sessions.add(admitted.session().id());
        }
    }

    private void place(Random random) {
        var placements = tenant.scheduling.pending(tenant.name, 5).stream()
                .map(tenant::placement)
                .toList();
        tenant.scheduling.commit(tenant.name, random.nextInt(2), placements, tenant.tick());
    }

    private void move(Random random) {
        var session = tenant.find(sessions.get(random.nextInt(sessions.size())));
        noteEnd(session);
        var moves = new ArrayList<KernelMove>();
        for (var kernel : session.kernels()) {
            if (moves.isEmpty() || random.nextBoolean()) {
                // mostly onward from the state that was seen, sometimes nonsense
                var to = STATES.get(random.nextInt(STATES.size()));
                var move = Tenant.to(kernel, to);
                moves.add(
                        random.nextInt(5) == 0
                                ? KernelMove.of(kernel.id(), EnumSet.allOf(KernelStatus.class), to)
                                : move);
            }
        }
        var transition = new Transition(session.id(), moves, "random", tenant.tick());
        tenant.sessions.applyAll(random.nextInt(4) == 0 ? List.of(transition, transition) : List.of(transition));
    }

    private void noteEnd(SessionRecord session) {
        if (session.status().isTerminal()) {
            var before = ended.putIfAbsent(session.id(), session.status());
            assertTrue(before == null || before == session.status(), () -> session + " was " + before);
        }
    }

    private void checkSessions(String seed) {
        assertFalse(sessions.isEmpty());
        assertEquals(sessions.size(), Set.copyOf(sessions).size());
        for (var session : tenant.sessions.findAll(sessions).values()) {
            noteEnd(session);
            var kernels =
                    session.kernels().stream().map(kernel -> kernel.status()).toList();
            assertEquals(
                    java.util.Optional.empty(),
                    SessionTransitions.promote(session.status(), kernels),
                    () -> seed + ": " + session);
            for (var kernel : session.kernels()) {
                var expected = kernel.status().holdsSlots() ? kernel.request() : SlotAmounts.NONE;
                assertEquals(expected, kernel.occupied(), () -> seed + ": " + session);
                assertEquals(kernel.status().isTerminal(), kernel.terminatedAt() != null, seed);
            }
            checkHistory(session, seed);
        }
    }

    private void checkHistory(SessionRecord session, String seed) {
        var history = tenant.sessions.history(session.id());
        for (var kernel : session.kernels()) {
            var last = history.stream()
                    .filter(entry -> entry.subject().equals("kernel:" + kernel.id()))
                    .reduce((before, after) -> {
                        assertEquals(before.to(), after.from(), seed);
                        return after;
                    });
            assertEquals(kernel.status().name(), last.orElseThrow().to(), seed);
        }
        var own = history.stream()
                .filter(entry -> entry.subject().equals("session"))
                .toList();
        assertEquals(session.status().name(), own.getLast().to(), seed);
    }

    private void checkAllocations(String seed) {
        var records = tenant.sessions.findAll(sessions).values();
        var held = records.stream().map(SessionRecord::occupiedSlots).reduce(SlotAmounts.NONE, SlotAmounts::plus);
        var occupancy = tenant.scheduling.occupancy(tenant.name).stream()
                .map(row ->
                        SlotAmounts.of(row.allocation().slot(), row.allocation().amount()))
                .reduce(SlotAmounts.NONE, SlotAmounts::plus);
        assertEquals(held, occupancy, seed);
        var asked = records.stream()
                .flatMap(session -> session.kernels().stream())
                .filter(kernel -> kernel.status() == KernelStatus.PENDING)
                .map(kernel -> kernel.request())
                .reduce(SlotAmounts.NONE, SlotAmounts::plus);
        assertEquals(asked, reserved(), seed);
        long unfreed = tenant.database
                .transactions()
                .read(entities -> entities.createQuery(
                                "SELECT a FROM AllocationRow a WHERE a.owner = :owner AND a.freedAt IS NULL",
                                AllocationRow.class)
                        .setParameter("owner", tenant.owner.value())
                        .getResultStream()
                        .count());
        assertEquals(tenant.scheduling.occupancy(tenant.name).size(), unfreed, seed);
    }

    private SlotAmounts reserved() {
        List<?> rows = tenant.database
                .transactions()
                .read(entities -> entities.createNativeQuery(
                                "SELECT slot, SUM(amount) FROM reservations WHERE owner_key = ? GROUP BY slot")
                        .setParameter(1, tenant.owner.value())
                        .getResultList());
        return rows.stream()
                .map(row -> (Object[]) row)
                .map(row -> SlotAmounts.of(
                        new io.slipway.model.slot.SlotName((String) row[0]), (java.math.BigDecimal) row[1]))
                .reduce(SlotAmounts.NONE, SlotAmounts::plus);
    }
}
