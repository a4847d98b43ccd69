package io.slipway.manager.persistence;

import io.slipway.manager.store.Page;
import io.slipway.manager.store.SessionQuery;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionStatus;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** One page of a list of sessions: ids first, from an index alone, then the rows of the page by id. */
final class SessionListing {

    private final EntityManager entities;
    private final SessionQuery query;
    private final Map<String, Object> parameters = new LinkedHashMap<>();
    private final List<String> conditions;

    SessionListing(EntityManager entities, SessionQuery query) {
        this.entities = entities;
        this.query = query;
        this.conditions = conditions();
    }

    Page<SessionRecord> page() {
        var total = ((Number) bound(entities.createQuery("SELECT COUNT(s) FROM SessionRow s" + where()))
                        .getSingleResult())
                .longValue();
        if (total <= query.offset()) {
            return new Page<>(List.of(), total);
        }
        query.after().ifPresent(after -> conditions.add(later(after)));
        List<?> ids = bound(entities.createQuery("SELECT s.id FROM SessionRow s" + joins() + where() + orderBy()))
                .setFirstResult(query.offset())
                .setMaxResults(query.limit())
                .getResultList();
        var place = new LinkedHashMap<UUID, Integer>();
        ids.forEach(id -> place.put((UUID) id, place.size()));
        var reader = new SessionReader(entities);
        var rows = new ArrayList<>(reader.rows(place.keySet()));
        rows.sort((a, b) -> Integer.compare(place.getOrDefault(a.id(), 0), place.getOrDefault(b.id(), 0)));
        return new Page<>(reader.records(rows), total);
    }

    private String where() {
        return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    }

    private List<String> conditions() {
        var all = new ArrayList<>(scope(parameters));
        if (!query.statuses().isEmpty() && query.statuses().size() < SessionStatus.values().length) {
            all.add("s.status IN :statuses");
            parameters.put("statuses", Keys.padded(query.statuses()));
            if (query.statuses().stream().noneMatch(SessionStatus::isTerminal)) {
                // the few live ones stand together in an index
                all.add("s.terminatedAt IS NULL");
            }
        }
        query.filter().ifPresent(filter -> all.add("(" + new SessionCondition(parameters).text(filter) + ")"));
        return all;
    }

    /** Says that a row comes later than a session: larger in the first field, or equal there and larger in the next, ... */
    private String later(SessionId after) {
        var fields = fields();
        // only within the scope of the list: the place of somebody else's session would tell how it compares
        var scope = new LinkedHashMap<String, Object>();
        var within = new ArrayList<String>(List.of("s.id = :after"));
        within.addAll(scope(scope));
        scope.put("after", after.value());
        var place = entities.createQuery("SELECT " + String.join(", ", columns(fields)) + ", s.id FROM SessionRow s"
                + joins() + " WHERE " + String.join(" AND ", within));
        scope.forEach(place::setParameter);
        List<?> found = place.getResultList();
        if (found.isEmpty()) {
            throw new SlipwayException(FailureCode.BAD_REQUEST, "there is no session " + after + " to go on after");
        }
        var values = (Object[]) found.getFirst();
        var cases = new ArrayList<String>();
        var equal = "";
        for (var i = 0; i < fields.size(); i++) {
            var column = SessionCondition.sortable(fields.get(i).field());
            parameters.put("a" + i, values[i]);
            cases.add(equal + column + (fields.get(i).isDescending() ? " < :a" : " > :a") + i);
            equal += column + " = :a" + i + " AND ";
        }
        // said once more for the index: nothing before the session's own value of the first field
        var first = fields.getFirst();
        return SessionCondition.sortable(first.field()) + (first.isDescending() ? " <= :a0" : " >= :a0") + " AND (("
                + String.join(") OR (", cases) + "))";
    }

    /** Whose sessions the list is of, at most. */
    private List<String> scope(Map<String, Object> values) {
        query.owner().ifPresent(owner -> values.put("owner", owner));
        query.project().ifPresent(project -> values.put("project", project));
        query.domain().ifPresent(domain -> values.put("domain", domain));
        return Map.of("owner", "s.owner", "project", "s.projectId", "domain", "s.domain").entrySet().stream()
                .filter(entry -> values.containsKey(entry.getKey()))
                .map(entry -> entry.getValue() + " = :" + entry.getKey())
                .sorted()
                .toList();
    }

    private String orderBy() {
        return " ORDER BY "
                + fields().stream()
                        .map(by -> SessionCondition.sortable(by.field()) + (by.isDescending() ? " DESC" : ""))
                        .collect(Collectors.joining(", "));
    }

    /** Pages of one list must not overlap: the id decides last, in the direction of the first field. */
    private List<SessionQuery.Order> fields() {
        var fields = new ArrayList<>(query.order());
        if (fields.isEmpty()) {
            fields.add(new SessionQuery.Order(SessionQuery.Field.CREATED_AT, true));
        }
        fields.add(
                new SessionQuery.Order(SessionQuery.Field.ID, fields.getFirst().isDescending()));
        return fields;
    }

    private static List<String> columns(List<SessionQuery.Order> fields) {
        return fields.stream().map(by -> SessionCondition.sortable(by.field())).toList();
    }

    private String joins() {
        return fields().stream()
                .map(by -> SessionCondition.join(by.field()))
                .distinct()
                .collect(Collectors.joining());
    }

    private Query bound(Query unbound) {
        parameters.forEach(unbound::setParameter);
        return unbound;
    }
}
