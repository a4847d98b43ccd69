package io.slipway.manager.persistence;

import io.slipway.manager.persistence.row.JsonText;
import io.slipway.manager.store.NewSession;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.policy.KeypairPolicy;
import io.slipway.model.slot.SlotAmounts;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
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

    private final Map<String, String> keypairs;
    private final Map<UUID, Limited> projects;
    private final Map<String, Limited> domains;
    private final Map<String, KeypairPolicy> policies;
    private final Names names;

    /** Something with a name and a limit. */
    private record Limited(String name, SlotAmounts totalSlots) {

        static Limited of(String name, String totalSlots) {
            return new Limited(name, JsonText.slotAmounts(totalSlots));
        }
    }

    /**
     * Keeps what was read.
     *
     * @param keypairs the name of its policy by access key
     * @param emails by user
     */
    private PolicyRows(
            Map<String, String> keypairs,
            Map<UUID, String> emails,
            Map<UUID, Limited> projects,
            Map<String, Limited> domains,
            Map<String, KeypairPolicy> policies) {
        this.keypairs = keypairs;
        this.projects = projects;
        this.domains = domains;
        this.policies = policies;
        this.names = new Names(
                emails,
                projects.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, project -> project.getValue().name())));
    }

    /**
     * Locks.
     *
     * @throws SlipwayException NOT_FOUND if one does not exist
     */
    static PolicyRows lock(Connection connection, List<NewSession> sessions) throws SQLException {
        var keypairs = new HashMap<String, String>();
        Rows.withTexts(
                connection,
                "SELECT access_key, policy FROM keypairs WHERE access_key = ANY(?) ORDER BY access_key FOR UPDATE",
                sessions.stream().map(session -> session.owner().value()).toList(),
                row -> keypairs.put(row.getString(1), row.getString(2)));
        var emails = new HashMap<UUID, String>();
        Rows.withIds(
                connection,
                "SELECT id, email FROM users WHERE id = ANY(?) ORDER BY id FOR UPDATE",
                sessions.stream().map(NewSession::userId).toList(),
                row -> emails.put(row.getObject(1, UUID.class), row.getString(2)));
        var projects = new HashMap<UUID, Limited>();
        Rows.withIds(
                connection,
                "SELECT id, name, total_slots FROM projects WHERE id = ANY(?) ORDER BY id FOR UPDATE",
                sessions.stream().map(NewSession::projectId).toList(),
                row -> projects.put(row.getObject(1, UUID.class), Limited.of(row.getString(2), row.getString(3))));
        var domains = new HashMap<String, Limited>();
        Rows.withTexts(
                connection,
                "SELECT name, total_slots FROM domains WHERE name = ANY(?) ORDER BY name FOR UPDATE",
                sessions.stream().map(NewSession::domain).toList(),
                row -> domains.put(row.getString(1), Limited.of(row.getString(1), row.getString(2))));
        return new PolicyRows(keypairs, emails, projects, domains, policies(connection, keypairs.values()));
    }

    private static Map<String, KeypairPolicy> policies(Connection connection, Collection<String> names)
            throws SQLException {
        return Rows.withTexts(
                        connection,
                        "SELECT name, total_slots, is_unlimited_by_default, max_concurrent_sessions,"
                                + " max_containers_per_session, max_pending_sessions"
                                + " FROM keypair_policies WHERE name = ANY(?)",
                        names,
                        row -> new KeypairPolicy(
                                row.getString(1),
                                JsonText.slotAmounts(row.getString(2)),
                                row.getBoolean(3),
                                row.getInt(4),
                                row.getInt(5),
                                row.getInt(6)))
                .stream()
                .collect(Collectors.toMap(KeypairPolicy::name, Function.identity()));
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
        var name = require(keypairs.get(owner), "keypair", owner);
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
