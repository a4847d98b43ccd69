package io.slipway.manager.persistence;

import io.slipway.manager.persistence.row.DomainRow;
import io.slipway.manager.persistence.row.KeypairPolicyRow;
import io.slipway.manager.persistence.row.KeypairRow;
import io.slipway.manager.persistence.row.ProjectRow;
import io.slipway.manager.persistence.row.UserRow;
import io.slipway.manager.store.NewSession;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.policy.KeypairPolicy;
import io.slipway.model.slot.SlotAmounts;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rows that hold the limits for some new sessions, locked until the transaction ends: keypairs, then users, then projects,
 * then domains, each kind in the order of its keys, so that two admissions never wait for each other.
 */
final class PolicyRows {

    private final Map<String, KeypairRow> keypairs;
    private final Map<UUID, ProjectRow> projects;
    private final Map<String, DomainRow> domains;
    private final Map<String, KeypairPolicy> policies;
    private final Names names;

    private PolicyRows(
            Map<String, KeypairRow> keypairs,
            Map<UUID, UserRow> users,
            Map<UUID, ProjectRow> projects,
            Map<String, DomainRow> domains,
            Map<String, KeypairPolicy> policies) {
        this.keypairs = keypairs;
        this.projects = projects;
        this.domains = domains;
        this.policies = policies;
        this.names = new Names(
                users.values().stream().collect(Collectors.toMap(UserRow::id, UserRow::email)),
                projects.values().stream().collect(Collectors.toMap(ProjectRow::id, ProjectRow::name)));
    }

    /**
     * Locks.
     *
     * @throws SlipwayException NOT_FOUND if one does not exist
     */
    static PolicyRows lock(EntityManager entities, List<NewSession> sessions) {
        var keypairs = lock(
                entities,
                "SELECT r FROM KeypairRow r WHERE r.accessKey IN :keys ORDER BY r.accessKey",
                sessions.stream().map(session -> session.owner().value()).toList(),
                KeypairRow.class,
                KeypairRow::accessKey);
        var users = lock(
                entities,
                "SELECT r FROM UserRow r WHERE r.id IN :keys ORDER BY r.id",
                sessions.stream().map(NewSession::userId).toList(),
                UserRow.class,
                UserRow::id);
        var projects = lock(
                entities,
                "SELECT r FROM ProjectRow r WHERE r.id IN :keys ORDER BY r.id",
                sessions.stream().map(NewSession::projectId).toList(),
                ProjectRow.class,
                ProjectRow::id);
        var domains = lock(
                entities,
                "SELECT r FROM DomainRow r WHERE r.name IN :keys ORDER BY r.name",
                sessions.stream().map(NewSession::domain).toList(),
                DomainRow.class,
                DomainRow::name);
        var policies = entities.createQuery(
                        "SELECT r FROM KeypairPolicyRow r WHERE r.name IN :keys", KeypairPolicyRow.class)
                .setParameter(
                        "keys",
                        Keys.padded(keypairs.values().stream()
                                .map(KeypairRow::policy)
                                .toList()))
                .getResultStream()
                .map(KeypairPolicyRow::toPolicy)
                .collect(Collectors.toMap(KeypairPolicy::name, Function.identity()));
        return new PolicyRows(keypairs, users, projects, domains, policies);
    }

    private static <K extends Comparable<? super K>, R> Map<K, R> lock(
            EntityManager entities, String query, List<K> keys, Class<R> type, Function<R, K> keyOf) {
        var rows = entities.createQuery(query, type)
                .setParameter("keys", Keys.padded(keys))
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultList();
        return rows.stream().collect(Collectors.toMap(keyOf, Function.identity()));
    }

    /** Checks that all rows for a session exist. */
    void require(NewSession session) {
        require(
                keypairs.get(session.owner().value()),
                "keypair",
                session.owner().value());
        if (!names.emails().containsKey(session.userId())) {
            require(null, "user", session.userId().toString());
        }
        require(
                projects.get(session.projectId()),
                "user group (or project)",
                session.projectId().toString());
        require(domains.get(session.domain()), "domain", session.domain());
    }

    private static <R> R require(@Nullable R row, String kind, String key) {
        if (row == null) {
            throw SlipwayException.notFound(kind, "No " + kind + " " + key);
        }
        return row;
    }

    KeypairPolicy policy(NewSession session) {
        var owner = session.owner().value();
        var name = require(keypairs.get(owner), "keypair", owner).policy();
        return require(policies.get(name), "keypair resource policy", name);
    }

    SlotAmounts projectLimit(NewSession session) {
        var id = session.projectId();
        return require(projects.get(id), "user group (or project)", id.toString())
                .totalSlots();
    }

    SlotAmounts domainLimit(NewSession session) {
        return require(domains.get(session.domain()), "domain", session.domain())
                .totalSlots();
    }

    Names names() {
        return names;
    }
}
