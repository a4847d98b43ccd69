package io.slipway.manager.persistence;

import io.slipway.manager.store.Placement;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionStatus;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Stores what a scheduler decided, unless another one has taken over since. Stateless. */
final class PlacementWriter {

    private static final String REASON = "scheduled";
    private static final String LOCK_TOKEN = "SELECT fencing_token FROM resource_groups WHERE name = ANY(?) FOR UPDATE";
    private static final String KEEP_TOKEN = "UPDATE resource_groups SET fencing_token = ? WHERE name = ?";
    private static final String AGENTS = "SELECT id, resource_group FROM agents WHERE id = ANY(?)";

    private final TimeOrderedIds ids;

    PlacementWriter(TimeOrderedIds ids) {
        this.ids = ids;
    }

    /** Stores placements and sets the outcome: the sessions that were placed. */
    void commit(Connection connection, LockedSessions sessions, Write.Place write, EventLog log) throws SQLException {
        write.outcome(acceptsToken(connection, write) ? placeAll(connection, sessions, write, log) : Set.of());
    }

    /** Whether a token is at least the greatest that the group has seen, which is locked; keeps it. */
    private static boolean acceptsToken(Connection connection, Write.Place write) throws SQLException {
        var seen = Rows.withTexts(connection, LOCK_TOKEN, List.of(write.resourceGroup), row -> row.getLong(1));
        if (seen.isEmpty() || write.token < seen.getFirst()) {
            return false;
        }
        if (write.token > seen.getFirst()) {
            try (var update = connection.prepareStatement(KEEP_TOKEN)) {
                update.setLong(1, write.token);
                update.setString(2, write.resourceGroup);
                update.executeUpdate();
            }
        }
        return true;
    }

    private Set<SessionId> placeAll(Connection connection, LockedSessions sessions, Write.Place write, EventLog log)
            throws SQLException {
        var placements = write.placements;
        var agents = knownAgents(connection, write.resourceGroup, placements);
        var units = sessions.lock(placements.stream()
                .map(placement -> placement.session().value())
                .toList());
        var changes = new Changes(log, ids);
        var placed = new LinkedHashSet<SessionId>();
        for (var placement : placements) {
            var unit = units.get(placement.session().value());
            if (unit != null && fits(placement, unit, write.resourceGroup, agents)) {
                place(placement, unit, changes, write.at);
                placed.add(placement.session());
            }
        }
        changes.write(connection);
        return placed;
    }

    private static Set<String> knownAgents(Connection connection, String resourceGroup, List<Placement> placements)
            throws SQLException {
        var wanted = placements.stream()
                .flatMap(placement -> placement.kernels().stream())
                .map(kernel -> kernel.agent().value())
                .collect(Collectors.toSet());
        var known = new HashSet<String>();
        Rows.withTexts(
                connection,
                AGENTS,
                wanted,
                row -> resourceGroup.equals(row.getString(2)) && known.add(row.getString(1)));
        return known;
    }

    /** Whether the session still waits in this group and each of its waiting kernels is named once, on a known agent. */
    private static boolean fits(
            Placement placement, @Nullable SessionUnit unit, String resourceGroup, Set<String> agents) {
        if (unit == null
                || unit.session().status() != SessionStatus.PENDING
                || !unit.session().resourceGroup().equals(resourceGroup)) {
            return false;
        }
        var waiting = unit.kernels().stream()
                .filter(kernel -> kernel.status() == KernelStatus.PENDING)
                .map(kernel -> kernel.id())
                .collect(Collectors.toCollection(HashSet::new));
        var allFit = placement.kernels().stream()
                .allMatch(kernel -> agents.contains(kernel.agent().value())
                        && waiting.remove(kernel.kernel().value()));
        return allFit && waiting.isEmpty();
    }

    private static void place(Placement placement, SessionUnit unit, Changes changes, Instant at) {
        for (var wanted : placement.kernels()) {
            unit.kernel(wanted.kernel()).ifPresent(kernel -> {
                kernel.placeOn(wanted.agent());
                changes.move(unit, kernel, KernelStatus.SCHEDULED, REASON, at);
                changes.hold(unit, kernel, wanted.allocations(), at);
            });
        }
        changes.promote(unit, REASON, at);
    }
}
