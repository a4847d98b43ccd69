package io.slipway.manager.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.api.CreateSession;
import io.slipway.manager.persistence.OpenStores;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.identity.Principal;
import io.slipway.model.identity.UserRole;
import io.slipway.model.session.ClusterMode;
import io.slipway.model.session.SessionStatus;
import io.slipway.model.session.SessionType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The calls of users, on the real store and with an agent that behaves. */
class StoredSessionServiceTest {

    private static final AccessKey OWNER = Town.USER.accessKey();
    private static final AtomicInteger NAMES = new AtomicInteger();

    private final Town.Directory directory = new Town.Directory();
    private final Town.Clock clock = new Town.Clock();
    private FlakyAgent agent;
    private SteppedSessions sessions;
    private OpenStores stores;

    /** Of its own for every test: what another left waiting would take its place in the queue. */
    @BeforeEach
    void open() {
        stores = OpenStores.inMemory("service-" + NAMES.incrementAndGet());
        Town.populate(stores, List.of(Town.agent("i-one", 64)));
        begin();
    }

    @AfterEach
    void close() {
        stores.close();
    }

    private void begin() {
        var chaos = new FlakyAgent.Chaos(new SplittableRandom(1), () -> {});
        chaos.isOn = false;
        agent = new FlakyAgent(Town.agent("i-one", 64), chaos);
        directory.add(Town.agent("i-one", 64), agent);
        sessions = new SteppedSessions(stores, directory, clock, new SplittableRandom(NAMES.get()), "m" + NAMES.get());
    }

    private static String name() {
        return "session-" + NAMES.incrementAndGet();
    }

    private SessionRecord create(String name) {
        return sessions.service()
                .create(Town.USER, OWNER, Town.wish(name, 1, 1, ClusterMode.SINGLE_NODE))
                .session();
    }

    private SessionRecord running(String name) {
        var session = create(name);
        for (int i = 0; i < 20; i++) {
            sessions.runAll();
            agent.step();
            agent.tell(sessions::apply);
        }
        var now = sessions.service().find(session.id()).orElseThrow();
        assertEquals(SessionStatus.RUNNING, now.status());
        return now;
    }

    private SessionRecord destroy(SessionRecord session, boolean forced) {
        return sessions.service().destroy(Town.USER, OWNER, session.id().toString(), forced);
    }

    private static SlipwayException assertFails(FailureCode code, Executable call) {
        var failure = assertThrows(SlipwayException.class, call);
        assertEquals(code, failure.code(), failure.getMessage());
        return failure;
    }

    @Test
    void theMainKernelHasTheSessionsId() {
        var session = create(name());
        assertEquals(session.id().value(), session.mainKernel().id().value());
        assertEquals(SessionStatus.PENDING, session.status());
        var reference = session.id().toString();
        assertFails(FailureCode.BAD_REQUEST, () -> sessions.service().restart(Town.USER, OWNER, reference));
        assertFails(FailureCode.NOT_FOUND, () -> sessions.service().restart(Town.USER, OWNER, "nobody-here"));
    }

    @Test
    void reusesALiveSessionOfThatNameIfAsked() {
        var name = name();
        var first = create(name);
        var again = sessions.service().create(Town.USER, OWNER, Town.wish(name, 1, 1, ClusterMode.SINGLE_NODE));
        assertFalse(again.isNew());
        assertEquals(first.id(), again.session().id());
    }

    @Test
    void refusesASecondOneOfThatNameOtherwise() {
        var name = name();
        var first = create(name);
        var wish = with(Town.wish(name, 1, 1, ClusterMode.SINGLE_NODE), SessionType.INTERACTIVE, false);
        var failure =
                assertFails(FailureCode.SESSION_EXISTS, () -> sessions.service().create(Town.USER, OWNER, wish));
        assertEquals(Map.of("existingSessionId", first.id().toString()), failure.data());
    }

    @Test
    void doesNotPretendToRunWhatItCannotRun() {
        var wish = with(Town.wish(name(), 1, 1, ClusterMode.SINGLE_NODE), SessionType.SYSTEM, true);
        assertFails(FailureCode.NOT_IMPLEMENTED, () -> sessions.service().create(Town.USER, OWNER, wish));
    }

    @Test
    void asksForTheCommandOfABatchSession() {
        var wish = with(Town.wish("batch-job", 1, 1, ClusterMode.SINGLE_NODE), SessionType.BATCH, true);
        assertFails(FailureCode.INVALID_PARAMETERS, () -> sessions.service().create(Town.USER, OWNER, wish));
    }

    private static CreateSession with(CreateSession wish, SessionType type, boolean reuse) {
        return new CreateSession(
                wish.name(),
                wish.image(),
                wish.architecture(),
                type,
                wish.priority(),
                wish.domain(),
                wish.project(),
                wish.resourceGroup(),
                wish.clusterSize(),
                wish.clusterMode(),
                wish.tag(),
                reuse,
                wish.environment(),
                wish.resources(),
                wish.resourceOpts(),
                wish.agents(),
                wish.startupCommand(),
                wish.callbackUrl(),
                null,
                0,
                null,
                List.of());
    }

    @Test
    void findsByIdAndByNameButOnlyLiveOnesUnlessAsked() {
        var name = name();
        var session = create(name);
        var service = sessions.service();
        assertEquals(session.id(), service.get(OWNER, name, false).id());
        assertEquals(
                session.id(), service.get(OWNER, session.id().toString(), false).id());
        destroy(session, false);
        assertFails(FailureCode.NOT_FOUND, () -> service.get(OWNER, name, false));
        assertFails(FailureCode.NOT_FOUND, () -> service.get(OWNER, session.id().toString(), false));
        assertEquals(session.id(), service.get(OWNER, name, true).id());
        var second = create(name);
        assertEquals(second.id(), service.get(OWNER, name, true).id(), "the newest is meant");
        assertEquals(2, service.match(OWNER, name).size());
    }

    @Test
    void doesNotFindSessionsOfOthers() {
        var session = create(name());
        var other = new AccessKey("AKIASOMEBODYELSE");
        assertFails(
                FailureCode.NOT_FOUND,
                () -> sessions.service().get(other, session.id().toString(), true));
        assertTrue(sessions.service().match(other, session.name()).isEmpty());
    }

    @Test
    void endsAPendingSessionAtOnce() {
        var ended = destroy(create(name()), false);
        assertEquals(SessionStatus.CANCELLED, ended.status());
        assertEquals("user-requested", ended.statusInfo());
        assertFails(FailureCode.FORBIDDEN, () -> destroy(ended, true));
    }

    @Test
    void endsARunningSessionWhenItsAgentConfirms() {
        var session = running(name());
        assertEquals(SessionStatus.TERMINATING, destroy(session, false).status());
        assertFalse(stores.scheduling().occupancy(Town.GROUP).stream()
                .filter(row -> row.kernel().equals(session.mainKernel().id()))
                .toList()
                .isEmpty());
        for (int i = 0; i < 20; i++) {
            sessions.runAll();
            agent.step();
            agent.tell(sessions::apply);
        }
        var ended = sessions.service().find(session.id()).orElseThrow();
        assertEquals(SessionStatus.TERMINATED, ended.status());
        assertEquals("the end", sessions.service().logs(OWNER, session.id().toString(), Optional.empty()));
        assertFails(FailureCode.FORBIDDEN, () -> destroy(ended, true));
        assertFails(FailureCode.FORBIDDEN, () -> destroy(ended, false));
    }

    @Test
    void endsWhatIsStartingOnlyByForce() {
        var session = create(name());
        sessions.runAll();
        assertEquals(
                SessionStatus.CREATING,
                sessions.service().find(session.id()).orElseThrow().status());
        assertFails(FailureCode.FORBIDDEN, () -> destroy(session, false));
        var ending = destroy(session, true);
        assertEquals(SessionStatus.TERMINATING, ending.status());
        assertEquals("force-terminated", ending.statusInfo());
        assertFails(FailureCode.FORBIDDEN, () -> destroy(session, false));
        assertEquals(SessionStatus.TERMINATING, destroy(session, true).status());
    }

    @Test
    void onlyAdministratorsEndSessionsOfOthers() {
        var session = create(name());
        var plain = new Principal(
                new AccessKey("AKIAPLAIN"), new UUID(4, 4), "plain@example.org", "default", UserRole.USER, false);
        assertFails(
                FailureCode.INSUFFICIENT_PRIVILEGE,
                () -> sessions.service().destroy(plain, OWNER, session.id().toString(), true));
    }

    @Test
    void renamesOnlyWhatRuns() {
        var session = running(name());
        var service = sessions.service();
        var name = name();
        service.rename(OWNER, session.name(), name);
        assertEquals(session.id(), service.get(OWNER, name, false).id());
        service.rename(OWNER, name, name);
        var pending = create(name());
        assertFails(FailureCode.BAD_REQUEST, () -> service.rename(OWNER, pending.name(), name()));
        assertFails(FailureCode.INVALID_PARAMETERS, () -> service.rename(OWNER, name, pending.name()));
        assertFails(FailureCode.INVALID_PARAMETERS, () -> service.rename(OWNER, name, "-"));
    }

    @Test
    void meansTheLiveOneOfSeveralOfAName() {
        var older = running(name());
        clock.forward(Duration.ofSeconds(1));
        var newer = create(name());
        assertEquals(SessionStatus.CANCELLED, destroy(newer, false).status());
        var service = sessions.service();
        service.rename(OWNER, older.name(), newer.name());

        assertEquals(older.id(), service.get(OWNER, newer.name(), true).id());
        assertEquals(older.id(), service.get(OWNER, newer.name(), false).id());
        assertEquals(newer.id(), service.match(OWNER, newer.name()).getFirst().id());
        assertFails(FailureCode.NOT_FOUND, () -> service.get(OWNER, "a\0b", true));
    }

    @Test
    void logsAreThoseOfAKernelOfTheSession() {
        var session = create(name());
        var service = sessions.service();
        assertEquals("", service.logs(OWNER, session.name(), Optional.empty()));
        assertFails(FailureCode.NOT_FOUND, () -> service.logs(OWNER, session.name(), Optional.of("no-such-kernel")));
    }

    @Test
    void goesBackToTheQueueWithTheReasonWhenItsAgentIsAway() {
        var session = create(name());
        sessions.schedule();
        directory.away(agent.id(), true);
        sessions.runAll();
        var waiting = sessions.service().find(session.id()).orElseThrow();
        assertEquals(SessionStatus.PENDING, waiting.status());
        assertFalse(waiting.statusInfo().isBlank());
        assertTrue(waiting.occupiedSlots().isEmpty());
    }

    @Test
    void aClusterOfWhichOneKernelFindsNoRoomEndsAtOnceAndWhole() {
        var chaos = new FlakyAgent.Chaos(new SplittableRandom(1), () -> {});
        chaos.isOn = false;
        agent = new FlakyAgent(Town.agent("i-one", 1), chaos); // the table believes that it has more
        directory.add(Town.agent("i-one", 64), agent);
        var wish = Town.wish(name(), 1, 2, ClusterMode.MULTI_NODE);
        var id = sessions.service().create(Town.USER, OWNER, wish).session().id();
        sessions.runAll();
        var ending = sessions.service().find(id).orElseThrow();
        assertEquals(SessionStatus.TERMINATING, ending.status());
        assertTrue(ending.statusInfo().startsWith("failed-to-create: agent i-one: "), ending.statusInfo());
        for (int i = 0; i < 30; i++) {
            agent.step();
            agent.tell(sessions::apply);
            sessions.runAll();
        }
        var ended = sessions.service().find(id).orElseThrow();
        assertEquals(SessionStatus.ERROR, ended.status());
        assertFails(FailureCode.FORBIDDEN, () -> destroy(ended, false));
        assertEquals(SessionStatus.ERROR, destroy(ended, true).status(), "forced changes nothing");
        assertTrue(ended.occupiedSlots().isEmpty());
        assertTrue(agent.alive().isEmpty());
    }
}
