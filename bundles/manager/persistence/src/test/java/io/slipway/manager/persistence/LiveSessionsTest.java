package io.slipway.manager.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.store.SessionRecord;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.session.SessionType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is known without asking the database is what the database says, whoever wrote. */
class LiveSessionsTest {

    private final Database database = DatabaseKind.H2_FILE.shared();
    private final LiveSessions live = database.writes().live();
    private final Tenant tenant = Tenant.create(database);

    @Test
    void saysWhatTheTablesSay() {
        var session = tenant.admit(tenant.newSession("a-name", 2, SessionType.BATCH));
        checkKnown(session);
        tenant.schedule(session);
        checkKnown(session);
        for (var state : List.of(
                KernelStatus.PREPARING,
                KernelStatus.CREATING,
                KernelStatus.RUNNING,
                KernelStatus.TERMINATING,
                KernelStatus.TERMINATED)) {
            tenant.moved(stored(session), state);
            checkKnown(session);
        }
        assertEquals(Optional.empty(), live.findLive(tenant.owner.value(), "a-name"));
    }

    private void checkKnown(SessionRecord session) {
        var stored = stored(session);
        assertEquals(Optional.of(stored), live.find(session.id().value()));
        assertEquals(
                Optional.of(List.of(stored)), live.findAll(List.of(session.id().value())));
        stored.kernels()
                .forEach(kernel -> assertEquals(
                        Optional.of(stored), live.findByKernel(kernel.id().value())));
        if (!stored.status().isTerminal()) {
            assertEquals(Optional.of(stored), live.findLive(tenant.owner.value(), stored.name()));
        }
    }

    private SessionRecord stored(SessionRecord session) {
        return database.transactions().read(entities -> {
            var reader = new SessionReader(entities);
            return reader.records(reader.rows(List.of(session.id().value()))).getFirst();
        });
    }

    @Test
    void seesWhatIsNoMove() {
        var session = tenant.running();
        assertTrue(tenant.sessions.rename(session.id(), "another-name", tenant.tick()));
        assertEquals(Optional.empty(), live.findLive(tenant.owner.value(), session.name()));
        assertEquals(stored(session), tenant.find(session.id()));
        assertEquals("another-name", tenant.find(session.id()).name());
        tenant.sessions.touch(Map.of(session.id(), 3L), Map.of(session.id(), "told"));
        assertEquals(3, tenant.find(session.id()).numQueries());
        // what a move does afterwards keeps it
        var ending = tenant.moved(stored(session), KernelStatus.TERMINATING);
        assertEquals("another-name", ending.name());
        assertEquals(3, ending.numQueries());
        checkKnown(session);
    }

    @Test
    void seesNewNamesOfUsers() {
        var session = tenant.running();
        database.writes()
                .write(entities -> entities.createQuery("UPDATE UserRow u SET u.email = :email WHERE u.id = :id")
                        .setParameter("email", tenant.name + "@example.com")
                        .setParameter("id", tenant.user)
                        .executeUpdate());
        assertEquals(tenant.name + "@example.com", tenant.find(session.id()).userEmail());
        assertEquals(
                tenant.name + "@example.com",
                tenant.moved(session, KernelStatus.TERMINATING).userEmail());
    }

    @Test
    void knowsNothingOfATransactionThatFailed() {
        var session = tenant.running();
        assertThrows(
                SlipwayException.class,
                () -> database.writes().write(Set.of(session.id().value()), entities -> {
                    entities.createQuery("UPDATE UserRow u SET u.email = 'x' WHERE u.id = :id")
                            .setParameter("id", tenant.user)
                            .executeUpdate();
                    throw new SlipwayException(FailureCode.INTERNAL, "no");
                }));
        assertEquals(Optional.empty(), live.find(session.id().value()));
        assertEquals(stored(session), tenant.find(session.id()));
        assertEquals(
                tenant.name + "@example.org",
                tenant.moved(session, KernelStatus.TERMINATING).userEmail());
    }

    @Test
    void knowsNothingThatAnotherMayHaveChanged() {
        var settings = DatabaseKind.H2_FILE.newSettings();
        try (var first = Database.open(settings);
                var second = Database.open(settings)) {
            var ours = Tenant.create(first);
            var session = ours.running();
            assertEquals(
                    Optional.of(session),
                    first.writes().live().find(session.id().value()));
            var theirs = new JpaSessionStore(second);
            theirs.apply(ours.transition(session, KernelStatus.TERMINATING));
            assertEquals(
                    Optional.empty(), first.writes().live().find(session.id().value()));
            var seen = ours.find(session.id());
            assertEquals(theirs.find(session.id()), Optional.of(seen));
            // and goes on from there, not from what it knew
            var ended = ours.moved(seen, KernelStatus.TERMINATED);
            assertEquals(Optional.of(ended), theirs.find(session.id()));
            assertEquals(
                    Optional.of(ended), first.writes().live().find(session.id().value()));
        }
    }

    @Test
    void knowsNothingWhereOthersMayWrite() {
        assertEquals(
                Optional.empty(),
                LiveSessions.of(WriteCount.of("jdbc:postgresql://db/slipway")).findByKernel(tenant.user));
    }
}
