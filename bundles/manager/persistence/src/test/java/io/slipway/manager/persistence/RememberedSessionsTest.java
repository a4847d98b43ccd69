package io.slipway.manager.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.persistence.RememberedSessions.Question;
import io.slipway.manager.store.SessionRecord;
import io.slipway.manager.store.Transition;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionType;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** One manager reads and remembers, another one on the same database writes. */
@ParameterizedClass
@MethodSource("io.slipway.manager.persistence.DatabaseKind#all")
class RememberedSessionsTest {

    private static final Instant LONG_AFTER = Instant.parse("2030-01-01T00:00:00Z");

    private static final Map<DatabaseKind, Managers> MANAGERS = new EnumMap<>(DatabaseKind.class);

    private final Database writing;
    private final Tenant tenant;
    private final Transactions reading;
    private final RememberedSessions sessions;

    /** The databases of two managers, which are one. */
    private record Managers(Database writing, Database reading) {

        static Managers start(DatabaseKind kind) {
            var settings = kind.newSettings();
            return new Managers(Database.open(settings), Database.open(settings));
        }
    }

    RememberedSessionsTest(DatabaseKind kind) {
        var managers = MANAGERS.computeIfAbsent(kind, Managers::start);
        this.writing = managers.writing();
        this.tenant = Tenant.create(writing);
        this.reading = managers.reading().transactions();
        this.sessions = new RememberedSessions(reading, () -> LONG_AFTER);
    }

    @AfterAll
    static void close() {
        MANAGERS.values().forEach(managers -> {
            managers.reading().close();
            managers.writing().close();
        });
        MANAGERS.clear();
    }

    @Test
    void remembersWhatDoesNotChange() {
        var session = tenant.running();
        var first = byId(session);
        assertSame(first, byId(session));
        assertSame(byName(session), byName(session));
        assertEquals(fresh(session), first);
        assertEquals(first, byName(session));
    }

    @Test
    void doesNotRememberWhatHasJustMoved() {
        var moved = tenant.running();
        var restless = new RememberedSessions(reading, moved::statusChangedAt);
        var question = new Question.ById(moved.id().value());
        assertNotSame(
                restless.find(question).getFirst(), restless.find(question).getFirst());
    }

    @Test
    void seesEveryMoveOfTheOtherManager() {
        var session = tenant.admit(tenant.newSession("moves", 2, SessionType.INTERACTIVE));
        see(session);
        session = tenant.schedule(session);
        see(session);
        for (var to : List.of(KernelStatus.PREPARING, KernelStatus.CREATING, KernelStatus.RUNNING)) {
            for (var kernel : session.kernels()) {
                // one kernel after the other: most of these moves leave the session's own row as it was
                var one = new Transition(session.id(), List.of(Tenant.to(kernel, to)), "same words", tenant.tick());
                tenant.sessions.apply(one);
                see(session);
            }
            session = tenant.find(session.id());
        }
        var ending = tenant.moved(session, KernelStatus.TERMINATING);
        see(ending);
        tenant.moved(ending, KernelStatus.TERMINATED);
        assertEquals(fresh(session), byId(session));
        assertTrue(sessions.find(new Question.ByLiveName(tenant.owner.value(), session.name()))
                .isEmpty());
    }

    @Test
    void seesChangesThatAreNoMoves() {
        var session = tenant.running();
        var id = session.id();
        List<Consumer<SessionRecord>> changes = List.of(
                now -> tenant.sessions.touch(Map.of(id, 1L), Map.of()),
                now -> tenant.sessions.touch(Map.of(), Map.of(id, "why")),
                now -> assertTrue(tenant.sessions.rename(id, "renamed-" + now.name(), tenant.tick())),
                now -> execute("UPDATE users SET email = 'new-' || email WHERE id = ?1", now.userId()),
                now -> execute("UPDATE projects SET name = 'other' WHERE id = ?1", now.projectId()));
        for (var change : changes) {
            see(session);
            var before = byId(session);
            change.accept(before);
            assertFalse(before.equals(byId(session)));
            session = tenant.find(id);
            see(session);
        }
    }

    @Test
    void aNameLeadsToWhoHasItNow() {
        var first = tenant.running();
        see(first);
        assertTrue(tenant.sessions.rename(first.id(), "gone", tenant.tick()));
        var second = tenant.admit(tenant.newSession(first.name(), 1, SessionType.INTERACTIVE));
        assertEquals(second.id(), byName(first).id());
    }

    /** What was acknowledged before a question is in its answer, however writers and readers mix. */
    @Test
    void neverAnswersWithLessThanWasAcknowledged() throws Exception {
        var session = tenant.running();
        var acknowledged = new AtomicLong();
        var random = new Random(4);
        Callable<Integer> asking = () -> {
            var stale = 0;
            while (acknowledged.get() < 60) {
                var least = acknowledged.get();
                stale += byId(session).numQueries() < least ? 1 : 0;
                stale += byName(session).numQueries() < least ? 1 : 0;
            }
            return stale;
        };
        try (var threads = Executors.newFixedThreadPool(3)) {
            var readers = List.of(threads.submit(asking), threads.submit(asking), threads.submit(asking));
            for (var count = 1; count <= 60; count++) {
                tenant.sessions.touch(Map.of(session.id(), 1L), Map.of());
                acknowledged.set(count);
                TimeUnit.MILLISECONDS.sleep(random.nextInt(3));
            }
            for (var reader : readers) {
                assertEquals(0, reader.get(60, TimeUnit.SECONDS));
            }
        }
    }

    /** Asks in both ways, so that the answers are remembered, and compares with what is stored. */
    private void see(SessionRecord session) {
        assertEquals(fresh(session), byId(session));
        assertEquals(fresh(session), byId(session));
        assertEquals(byId(session), byName(fresh(session)));
    }

    private SessionRecord byId(SessionRecord session) {
        return sessions.find(new Question.ById(session.id().value())).getFirst();
    }

    private SessionRecord byName(SessionRecord session) {
        return sessions.find(new Question.ByLiveName(tenant.owner.value(), session.name()))
                .getFirst();
    }

    private SessionRecord fresh(SessionRecord session) {
        SessionId id = session.id();
        return tenant.sessions.findAll(List.of(id)).get(id);
    }

    private void execute(String sql, Object parameter) {
        writing.transactions()
                .write(entities -> entities.createNativeQuery(sql)
                        .setParameter(1, parameter)
                        .executeUpdate());
    }
}
