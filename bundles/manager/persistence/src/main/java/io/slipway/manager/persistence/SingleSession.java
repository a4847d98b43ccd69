package io.slipway.manager.persistence;

import io.slipway.manager.persistence.RememberedSessions.Answer;
import io.slipway.manager.persistence.RememberedSessions.Question;
import io.slipway.manager.persistence.RememberedSessions.Stamp;
import io.slipway.manager.persistence.row.AllocationRow;
import io.slipway.manager.persistence.row.KernelRow;
import io.slipway.manager.persistence.row.SessionRow;
import io.slipway.manager.store.SessionRecord;
import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads the few sessions that one id or name may mean, with all that belongs to them, in one statement: it sees one moment
 * whatever the isolation. Stateless; for long lists {@link SessionReader} fetches less.
 */
final class SingleSession {

    private static final String ALL = "SELECT s, u.email, p.name, k, a,"
            + " (SELECT MAX(h.id) FROM HistoryRow h WHERE h.sessionId = s.id) FROM SessionRow s"
            + " LEFT JOIN UserRow u ON u.id = s.userId LEFT JOIN ProjectRow p ON p.id = s.projectId"
            + " LEFT JOIN KernelRow k ON k.sessionId = s.id"
            + " LEFT JOIN AllocationRow a ON a.kernelId = k.id AND a.freedAt IS NULL WHERE ";

    private SingleSession() {}

    /**
     * Returns the sessions that fit, in the order asked for.
     *
     * @param condition of JPQL on session s, perhaps with an order
     * @param parameters sets its parameters
     */
    static List<SessionRecord> read(
            EntityManager entities, String condition, UnaryOperator<TypedQuery<Object[]>> parameters) {
        return answer(entities, condition, parameters).sessions();
    }

    /** Returns the sessions that are asked for, with what shows whether they change. */
    static Answer answer(EntityManager entities, Question question) {
        return switch (question) {
            case Question.ById one -> answer(entities, "s.id = :id", query -> query.setParameter("id", one.session()));
            case Question.ByLiveName one ->
                answer(
                        entities,
                        "s.owner = :owner AND s.liveName = :name",
                        query -> query.setParameter("owner", one.owner()).setParameter("name", one.name()));
        };
    }

    private static Answer answer(
            EntityManager entities, String condition, UnaryOperator<TypedQuery<Object[]>> parameters) {
        var rows = parameters
                .apply(entities.createQuery(ALL + condition, Object[].class))
                .getResultList();
        var sessions = new LinkedHashMap<UUID, SessionRow>();
        var kernels = new HashMap<UUID, Set<KernelRow>>();
        var held = new HashMap<UUID, List<AllocationRow>>();
        var emails = new HashMap<UUID, String>();
        var projects = new HashMap<UUID, String>();
        var stamps = new ArrayList<Stamp>(1);
        for (var row : rows) {
            var session = (SessionRow) row[0];
            if (sessions.putIfAbsent(session.id(), session) == null) {
                stamps.add(stamp(session, row));
            }
            emails.put(session.userId(), text(row[1]));
            projects.put(session.projectId(), text(row[2]));
            if (row[3] instanceof KernelRow kernel) {
                kernels.computeIfAbsent(session.id(), id -> new LinkedHashSet<>())
                        .add(kernel);
                if (row[4] instanceof AllocationRow allocation
                        && kernel.status().holdsSlots()) {
                    held.computeIfAbsent(kernel.id(), id -> new ArrayList<>()).add(allocation);
                }
            }
        }
        var names = new Names(emails, projects);
        return new Answer(
                stamps,
                sessions.values().stream()
                        .map(session -> new SessionUnit(session, byPlace(kernels, session), held).toRecord(names))
                        .toList());
    }

    private static List<KernelRow> byPlace(Map<UUID, Set<KernelRow>> kernels, SessionRow session) {
        return kernels.getOrDefault(session.id(), Set.of()).stream()
                .sorted(Comparator.comparingInt(KernelRow::place))
                .toList();
    }

    private static Stamp stamp(SessionRow session, @Nullable Object[] row) {
        return new Stamp(
                session.id(),
                session.name(),
                session.statusInfo(),
                session.numQueries(),
                (String) row[1],
                (String) row[2],
                row[5] instanceof Number event ? event.longValue() : 0);
    }

    private static String text(@Nullable Object column) {
        return column == null ? "" : (String) column;
    }
}
