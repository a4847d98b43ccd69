package io.slipway.manager.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.store.Admission;
import io.slipway.manager.store.AdmissionRule;
import io.slipway.manager.store.NewSession;
import io.slipway.manager.store.PolicySnapshot;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionStatus;
import io.slipway.model.session.SessionType;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("io.slipway.manager.persistence.DatabaseKind#all")
class AdmissionTest {

    private static final SlotAmounts A_LOT = SlotAmounts.of(SlotName.CPU, BigDecimal.valueOf(1_000));
    private static final AdmissionRule AT_MOST_TEN =
            snapshot -> snapshot.keypair().liveSessions() >= 10
                    ? Optional.of(snapshot.keypair().liveSessions() + " of 10 in use")
                    : Optional.empty();

    private final Database database;

    AdmissionTest(DatabaseKind kind) {
        this.database = kind.shared();
    }

    @Test
    void storesSessionWithKernelsHistoryAndEvent() {
        var tenant = Tenant.create(database);
        var wanted = tenant.newSession("cluster", 2, SessionType.INTERACTIVE);
        var admitted = tenant.admit(wanted);
        assertEquals(admitted, tenant.find(wanted.id()));
        assertEquals(SessionStatus.PENDING, admitted.status());
        assertEquals("cluster", admitted.name());
        assertEquals(tenant.name + "@example.org", admitted.userEmail());
        assertEquals("default", admitted.projectName());
        assertEquals(wanted.details(), admitted.details());
        assertEquals(wanted.createdAt(), admitted.createdAt());
        assertEquals(
                List.of("main1", "sub1"),
                admitted.kernels().stream().map(kernel -> kernel.hostname()).toList());
        assertEquals(
                wanted.kernels().getFirst().request(), admitted.mainKernel().request());
        assertTrue(admitted.occupiedSlots().isEmpty());
        var history = tenant.sessions.history(wanted.id());
        assertEquals(
                List.of(
                        "session",
                        "kernel:" + wanted.kernels().get(0).id(),
                        "kernel:" + wanted.kernels().get(1).id()),
                history.stream().map(entry -> entry.subject()).toList());
        assertEquals(
                List.of("", "", ""), history.stream().map(entry -> entry.from()).toList());
        assertEquals(
                List.of("PENDING"),
                Outbox.unpublished(tenant).stream().map(event -> event.status()).toList());
    }

    @Test
    void admitsExactlyTenOfTwoHundredAtOnce() throws Exception {
        var tenant = Tenant.create(database, new Tenant.Limits(A_LOT, A_LOT, A_LOT, 10));
        var tasks = new ArrayList<Callable<Admission>>();
        for (int i = 0; i < 200; i++) {
            var session = tenant.newSession();
            tasks.add(() -> tenant.sessions.admit(session, AT_MOST_TEN));
        }
        var admissions = atOnce(tasks);
        assertEquals(
                10,
                admissions.stream().filter(Admission.Admitted.class::isInstance).count());
        assertEquals(
                190,
                admissions.stream().filter(Admission.Refused.class::isInstance).count());
        assertEquals(10, tenant.scheduling.pending(tenant.name, 1_000).size());
    }

    @Test
    void givesANameOnceHoweverManyAskAtOnce() throws Exception {
        var tenant = Tenant.create(database);
        var tasks = new ArrayList<Callable<Admission>>();
        for (int i = 0; i < 40; i++) {
            var session = tenant.newSession("the-name", 1, SessionType.INTERACTIVE);
            tasks.add(() -> tenant.sessions.admit(session, Tenant.AGREE));
        }
        var admissions = atOnce(tasks);
        var winner = admissions.stream()
                .filter(Admission.Admitted.class::isInstance)
                .map(admission -> ((Admission.Admitted) admission).session().id())
                .toList();
        assertEquals(1, winner.size());
        for (var admission : admissions) {
            if (admission instanceof Admission.NameTaken taken) {
                assertEquals(winner.getFirst(), taken.session().id());
            } else {
                assertInstanceOf(Admission.Admitted.class, admission);
            }
        }
    }

    @Test
    void aNameIsFreeAgainWhenItsSessionEnded() {
        var tenant = Tenant.create(database);
        var first = tenant.admit(tenant.newSession("again", 1, SessionType.INTERACTIVE));
        assertInstanceOf(
                Admission.NameTaken.class,
                tenant.sessions.admit(tenant.newSession("again", 1, SessionType.INTERACTIVE), Tenant.AGREE));
        tenant.moved(first, KernelStatus.CANCELLED);
        var second = tenant.admit(tenant.newSession("again", 1, SessionType.INTERACTIVE));
        assertEquals(
                List.of(second.id(), first.id()),
                tenant.sessions.findByName(tenant.owner, "again", false).stream()
                        .map(found -> found.id())
                        .toList());
        assertEquals(
                List.of(second.id()),
                tenant.sessions.findByName(tenant.owner, "again", true).stream()
                        .map(found -> found.id())
                        .toList());
    }

    @Test
    void twoOwnersMayHaveTheSameName() {
        var one = Tenant.create(database);
        var other = Tenant.create(database);
        one.admit(one.newSession("same", 1, SessionType.INTERACTIVE));
        other.admit(other.newSession("same", 1, SessionType.INTERACTIVE));
    }

    @Test
    void storesNothingWhenRefused() {
        var tenant = Tenant.create(database);
        var session = tenant.newSession();
        var admission = tenant.sessions.admit(session, snapshot -> Optional.of("not today"));
        assertEquals(new Admission.Refused("not today"), admission);
        assertEquals(Optional.empty(), tenant.sessions.find(session.id()));
        assertEquals(List.of(), tenant.sessions.history(session.id()));
        assertEquals(List.of(), Outbox.unpublished(tenant));
    }

    @Test
    void showsTheRuleWhatIsUsed() {
        var tenant = Tenant.create(database, new Tenant.Limits(A_LOT, A_LOT, A_LOT, 10));
        tenant.admit();
        tenant.running();
        tenant.moved(tenant.running(), KernelStatus.TERMINATED);
        var snapshot = snapshot(tenant, tenant.newSession());
        var two =
                SlotAmounts.of(Map.of(SlotName.CPU, BigDecimal.valueOf(2), SlotName.MEM, BigDecimal.valueOf(2L << 28)));
        var expected = new PolicySnapshot.Use(2, 1, two);
        assertEquals(expected, snapshot.keypair());
        assertEquals(expected, snapshot.project());
        assertEquals(expected, snapshot.domain());
        assertEquals(A_LOT, snapshot.projectLimit());
        assertEquals(A_LOT, snapshot.domainLimit());
        assertEquals(10, snapshot.policy().maxConcurrentSessions());
    }

    @Test
    void countsNothingWhereNothingIsLimited() {
        var tenant = Tenant.create(database);
        tenant.admit();
        assertEquals(
                new PolicySnapshot.Use(0, 0, SlotAmounts.NONE),
                snapshot(tenant, tenant.newSession()).keypair());
    }

    @Test
    void aBadWishSpoilsNoOther() throws Exception {
        var tenant = Tenant.create(database);
        var tasks = new ArrayList<Callable<Admission>>();
        for (int i = 0; i < 20; i++) {
            var session = i == 7 ? withProject(tenant.newSession(), UUID.randomUUID()) : tenant.newSession();
            tasks.add(() -> {
                try {
                    return tenant.sessions.admit(session, Tenant.AGREE);
                } catch (SlipwayException e) {
                    return new Admission.Refused(e.code().name());
                }
            });
        }
        var admissions = atOnce(tasks);
        assertEquals(
                19,
                admissions.stream().filter(Admission.Admitted.class::isInstance).count());
        assertTrue(admissions.contains(new Admission.Refused(FailureCode.NOT_FOUND.name())));
    }

    @Test
    void aRuleThatThrowsAdmitsNothing() {
        var tenant = Tenant.create(database);
        var session = tenant.newSession();
        var failure = assertThrows(
                SlipwayException.class,
                () -> tenant.sessions.admit(session, snapshot -> {
                    throw new IllegalStateException("broken rule");
                }));
        assertEquals(FailureCode.INTERNAL, failure.code());
        assertEquals(Optional.empty(), tenant.sessions.find(session.id()));
    }

    @Test
    void storesTextThatADatabaseMightRefuse() {
        var tenant = Tenant.create(database);
        var wanted = tenant.newSession("nul\0name", 1, SessionType.INTERACTIVE);
        assertEquals("nul\uFFFDname", tenant.admit(wanted).name());
        assertInstanceOf(
                Admission.NameTaken.class,
                tenant.sessions.admit(tenant.newSession("nul\0name", 1, SessionType.INTERACTIVE), Tenant.AGREE));
    }

    private static PolicySnapshot snapshot(Tenant tenant, NewSession session) {
        var seen = new AtomicReference<PolicySnapshot>();
        tenant.sessions.admit(session, snapshot -> {
            seen.set(snapshot);
            return Optional.of("only looking");
        });
        return seen.get();
    }

    private static NewSession withProject(NewSession session, UUID project) {
        return new NewSession(
                new SessionId(session.id().value()),
                session.name(),
                session.owner(),
                session.userId(),
                session.domain(),
                project,
                session.resourceGroup(),
                session.details(),
                session.kernels(),
                session.createdAt());
    }

    private static <T> List<T> atOnce(List<Callable<T>> tasks) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var results = new ArrayList<T>();
            for (var future : threads.invokeAll(tasks, 60, TimeUnit.SECONDS)) {
                results.add(future.get());
            }
            return results;
        }
    }
}
