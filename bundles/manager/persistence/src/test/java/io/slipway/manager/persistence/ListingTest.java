package io.slipway.manager.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.store.SessionQuery;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionStatus;
import io.slipway.model.session.SessionType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("io.slipway.manager.persistence.DatabaseKind#all")
class ListingTest {

    private final Tenant tenant;

    private static final Map<SessionQuery.Field, Comparator<SessionRecord>> ORDERS = Map.of(
            SessionQuery.Field.CREATED_AT,
            Comparator.comparing(SessionRecord::createdAt),
            SessionQuery.Field.NAME,
            Comparator.comparing(SessionRecord::name),
            SessionQuery.Field.STATUS,
            Comparator.comparing(session -> session.status().name()),
            SessionQuery.Field.PRIORITY,
            Comparator.comparingInt(session -> session.details().priority()),
            SessionQuery.Field.NUM_QUERIES,
            Comparator.comparingLong(SessionRecord::numQueries));

    ListingTest(DatabaseKind kind) {
        this.tenant = Tenant.create(kind.shared());
    }

    @Test
    void pagesThroughAllWithoutGapOrOverlap() {
        var all = new ArrayList<SessionId>();
        for (int i = 0; i < 25; i++) {
            all.addFirst(tenant.admit().id());
        }
        var seen = new ArrayList<SessionId>();
        for (int offset = 0; offset < 30; offset += 10) {
            var page = tenant.sessions.list(query(Set.of(), List.of(), offset, 10));
            assertEquals(25, page.total());
            page.items().forEach(item -> seen.add(item.id()));
        }
        assertEquals(all, seen);
        assertEquals(
                0,
                tenant.sessions.list(query(Set.of(), List.of(), 30, 10)).items().size());
    }

    @Test
    void filtersByScopeAndState() {
        var stranger = Tenant.create(tenant.database);
        stranger.admit();
        var pending = tenant.admit();
        var running = tenant.running();
        var ended = tenant.moved(tenant.running(), KernelStatus.TERMINATED);
        assertEquals(List.of(ended, running, pending), listed(query(Set.of(), List.of(), 0, 10)));
        assertEquals(List.of(running), listed(query(Set.of(SessionStatus.RUNNING), List.of(), 0, 10)));
        assertEquals(
                List.of(running, pending),
                listed(query(Set.of(SessionStatus.RUNNING, SessionStatus.PENDING), List.of(), 0, 10)));
        assertEquals(
                List.of(ended, pending),
                listed(query(Set.of(SessionStatus.TERMINATED, SessionStatus.PENDING), List.of(), 0, 10)));
        var byDomain = new SessionQuery(
                Optional.empty(), Optional.of(stranger.name), Optional.empty(), Set.of(), List.of(), 0, 10);
        assertEquals(1, tenant.sessions.list(byDomain).total());
        var byProject = new SessionQuery(
                Optional.empty(), Optional.empty(), Optional.of(tenant.project), Set.of(), List.of(), 0, 10);
        assertEquals(3, tenant.sessions.list(byProject).total());
        var everything =
                new SessionQuery(Optional.empty(), Optional.empty(), Optional.empty(), Set.of(), List.of(), 0, 1);
        assertTrue(tenant.sessions.list(everything).total() >= 4);
    }

    @Test
    void ordersByFields() {
        for (var name : List.of("bbbb", "aaaa", "cccc")) {
            tenant.admit(tenant.newSession(name, 1, SessionType.INTERACTIVE));
        }
        for (var field : ORDERS.keySet()) {
            for (var isDescending : List.of(true, false)) {
                var order = List.of(new SessionQuery.Order(field, isDescending));
                var listed = listed(query(Set.of(), order, 0, 10));
                Comparator<SessionRecord> comparator = ORDERS.get(field);
                assertEquals(3, listed.size());
                assertEquals(
                        listed.stream()
                                .sorted(isDescending ? comparator.reversed() : comparator)
                                .toList(),
                        listed);
            }
        }
    }

    @Test
    void findsByIdAndByKernel() {
        var session = tenant.admit(tenant.newSession("find", 3, SessionType.INTERACTIVE));
        assertEquals(Optional.of(session), tenant.sessions.find(session.id()));
        assertEquals(
                Optional.of(session),
                tenant.sessions.findByKernel(session.kernels().get(2).id()));
        assertEquals(Optional.empty(), tenant.sessions.find(new SessionId(UUID.randomUUID())));
        assertEquals(Optional.empty(), tenant.sessions.findByKernel(new KernelId(UUID.randomUUID())));
        var nobody = new SessionId(UUID.randomUUID());
        assertEquals(Map.of(session.id(), session), tenant.sessions.findAll(List.of(session.id(), nobody)));
        assertEquals(Map.of(), tenant.sessions.findAll(List.of()));
    }

    @Test
    void renamesOnlyWhatRunsToAFreeName() {
        var running = tenant.running();
        var other = tenant.admit(tenant.newSession("taken", 1, SessionType.INTERACTIVE));
        assertEquals(false, tenant.sessions.rename(running.id(), "taken", tenant.tick()));
        assertEquals(false, tenant.sessions.rename(other.id(), "waiting", tenant.tick()));
        assertEquals(true, tenant.sessions.rename(running.id(), "fresh", tenant.tick()));
        assertEquals("fresh", tenant.find(running.id()).name());
        assertEquals(true, tenant.sessions.rename(running.id(), "fresh", tenant.tick()));
        assertEquals(1, tenant.sessions.findByName(tenant.owner, "fresh", true).size());
    }

    @Test
    void countsQueriesAndExplainsWaiting() {
        var waiting = tenant.admit();
        var ended = tenant.moved(tenant.running(), KernelStatus.TERMINATED);
        tenant.sessions.touch(
                Map.of(waiting.id(), 2L, ended.id(), 1L), Map.of(waiting.id(), "no agent", ended.id(), "late"));
        tenant.sessions.touch(Map.of(waiting.id(), 3L, new SessionId(UUID.randomUUID()), 1L), Map.of());
        assertEquals(5, tenant.find(waiting.id()).numQueries());
        assertEquals("no agent", tenant.find(waiting.id()).statusInfo());
        assertEquals(1, tenant.find(ended.id()).numQueries());
        assertEquals(ended.statusInfo(), tenant.find(ended.id()).statusInfo());
    }

    private List<SessionRecord> listed(SessionQuery query) {
        return tenant.sessions.list(query).items();
    }

    private SessionQuery query(Set<SessionStatus> statuses, List<SessionQuery.Order> order, int offset, int limit) {
        return new SessionQuery(
                Optional.of(tenant.owner.value()), Optional.empty(), Optional.empty(), statuses, order, offset, limit);
    }
}
