package io.slipway.manager.persistence;

import io.slipway.manager.store.Page;
import io.slipway.manager.store.SessionQuery;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.session.SessionStatus;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One page of a list of sessions: ids first, from an index alone, then the rows of the page by id. */
final class SessionListing {

    private final EntityManager entities;
    private final SessionQuery query;
    private final String where;
    private final Map<String, Object> parameters = new LinkedHashMap<>();

    SessionListing(EntityManager entities, SessionQuery query) {
        this.entities = entities;
        this.query = query;
        this.where = where();
    }

    Page<SessionRecord> page() {
        var total = ((Number) bound(entities.createQuery("SELECT COUNT(s) FROM SessionRow s" + where))
                        .getSingleResult())
                .longValue();
        if (total <= query.offset()) {
            return new Page<>(List.of(), total);
        }
        List<?> ids = bound(entities.createQuery("SELECT s.id FROM SessionRow s" + where + orderBy()))
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
        var conditions = new ArrayList<String>();
        query.owner().ifPresent(owner -> add(conditions, "s.owner = :owner", "owner", owner));
        query.project().ifPresent(project -> add(conditions, "s.projectId = :project", "project", project));
        query.domain().ifPresent(domain -> add(conditions, "s.domain = :domain", "domain", domain));
        if (!query.statuses().isEmpty() && query.statuses().size() < SessionStatus.values().length) {
            add(conditions, "s.status IN :statuses", "statuses", Keys.padded(query.statuses()));
            if (query.statuses().stream().noneMatch(SessionStatus::isTerminal)) {
                // the few live ones stand together in an index
                conditions.add("s.terminatedAt IS NULL");
            }
        }
        return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    }

    private void add(List<String> conditions, String condition, String parameter, Object value) {
        conditions.add(condition);
        parameters.put(parameter, value);
    }

    private String orderBy() {
        var order = new ArrayList<String>();
        for (var by : query.order()) {
            order.add(column(by.field()) + (by.isDescending() ? " DESC" : ""));
        }
        if (order.isEmpty()) {
            order.add("s.createdAt DESC");
        }
        // pages of one list must not overlap: the id decides last, in the direction of the first field
        var isDescending = query.order().isEmpty() || query.order().getFirst().isDescending();
        order.add(isDescending ? "s.id DESC" : "s.id");
        return " ORDER BY " + String.join(", ", order);
    }

    private static String column(SessionQuery.Field field) {
        return switch (field) {
            case CREATED_AT -> "s.createdAt";
            case NAME -> "s.name";
            case STATUS -> "s.status";
            case PRIORITY -> "s.priority";
        };
    }

    private Query bound(Query unbound) {
        parameters.forEach(unbound::setParameter);
        return unbound;
    }
}
