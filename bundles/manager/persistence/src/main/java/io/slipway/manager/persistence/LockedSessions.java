package io.slipway.manager.persistence;

import io.slipway.manager.persistence.row.AllocationRow;
import io.slipway.manager.persistence.row.KernelRow;
import io.slipway.manager.persistence.row.SessionRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads the sessions that a transaction changes, with all that belongs to them, in a fixed number of statements however many
 * they are. Belongs to one transaction.
 */
final class LockedSessions {

    private static final String SESSIONS = "SELECT " + SessionRow.COLUMNS + " FROM sessions WHERE ";
    private static final String LOCK = SESSIONS + "id = ANY(?) ORDER BY id FOR UPDATE";
    // with = ANY(?) for both, H2 would walk through all sessions that an owner ever had
    static final String LIVE = "SELECT " + SessionRow.COLUMNS
            + " FROM UNNEST(CAST(? AS CHARACTER VARYING ARRAY), CAST(? AS CHARACTER VARYING ARRAY))"
            + " wanted (wanted_owner, wanted_name)"
            + " JOIN sessions ON owner_key = wanted_owner AND live_name = wanted_name";
    private static final String KERNELS =
            "SELECT " + KernelRow.COLUMNS + " FROM kernels WHERE session_id = ANY(?) ORDER BY session_id, place";
    private static final String HELD =
            "SELECT " + AllocationRow.COLUMNS + " FROM allocations WHERE kernel_id = ANY(?) AND freed_at IS NULL";
    private static final String EMAILS = "SELECT id, email FROM users WHERE id = ANY(?)";
    private static final String PROJECTS = "SELECT id, name FROM projects WHERE id = ANY(?)";

    private final Connection connection;
    private final LiveSessions live;
    private final Map<UUID, SessionUnit> locked = new LinkedHashMap<>();

    /**
     * Begins.
     *
     * @param connection in the transaction that the reader belongs to
     * @param live where sessions may be taken from instead of being read
     */
    LockedSessions(Connection connection, LiveSessions live) {
        this.connection = connection;
        this.live = live;
    }

    /**
     * Returns those of some sessions that exist, to be changed; locks what it reads, in the order of ids. What is taken from
     * memory is not locked: nobody else writes, and the guard of each update would tell.
     */
    Map<UUID, SessionUnit> lock(Collection<UUID> ids) throws SQLException {
        var unknown = new ArrayList<UUID>();
        for (var id : new LinkedHashSet<>(ids)) {
            if (!locked.containsKey(id)) {
                var unit = live.take(id);
                if (unit == null) {
                    unknown.add(id);
                } else {
                    add(unit);
                }
            }
        }
        units(Rows.withIds(connection, LOCK, unknown, SessionRow::read)).forEach(this::add);
        var units = new LinkedHashMap<UUID, SessionUnit>();
        ids.stream().filter(locked::containsKey).forEach(id -> units.put(id, locked.get(id)));
        return units;
    }

    /** Adds a session that this transaction makes. */
    void add(SessionUnit unit) {
        locked.put(unit.session().id(), unit);
    }

    /** Returns all sessions that this transaction locked or made. */
    Collection<SessionUnit> all() {
        return locked.values();
    }

    /** Returns the live sessions of some names, unlocked. */
    List<SessionUnit> live(Set<LiveName> names) throws SQLException {
        try (var statement = connection.prepareStatement(LIVE)) {
            statement.setArray(1, array(names.stream().map(LiveName::owner)));
            statement.setArray(2, array(names.stream().map(LiveName::name)));
            return units(Rows.all(statement, SessionRow::read));
        }
    }

    private java.sql.Array array(Stream<String> texts) throws SQLException {
        return connection.createArrayOf("varchar", texts.toArray());
    }

    private List<SessionUnit> units(List<SessionRow> sessions) throws SQLException {
        var ids = sessions.stream().map(SessionRow::id).toList();
        var kernels = Rows.withIds(connection, KERNELS, ids, KernelRow::read);
        var bySession = new HashMap<UUID, List<KernelRow>>();
        kernels.forEach(kernel -> bySession
                .computeIfAbsent(kernel.sessionId(), id -> new ArrayList<>())
                .add(kernel));
        var holding = kernels.stream()
                .filter(kernel -> kernel.status().holdsSlots())
                .map(KernelRow::id)
                .toList();
        var held = Rows.withIds(connection, HELD, holding, AllocationRow::read).stream()
                .collect(Collectors.groupingBy(AllocationRow::kernelId));
        return sessions.stream()
                .map(session -> unit(session, bySession.getOrDefault(session.id(), List.of()), held))
                .toList();
    }

    private static SessionUnit unit(
            SessionRow session, List<KernelRow> kernels, Map<UUID, List<AllocationRow>> allocations) {
        var held = new HashMap<UUID, List<AllocationRow>>();
        kernels.forEach(
                kernel -> held.put(kernel.id(), new ArrayList<>(allocations.getOrDefault(kernel.id(), List.of()))));
        return new SessionUnit(session, kernels, held);
    }

    /** Returns what is to be shown for the users and projects of sessions. */
    Names names(Collection<SessionUnit> units) throws SQLException {
        read(EMAILS, units.stream().map(unit -> unit.session().userId()), live.emails());
        read(PROJECTS, units.stream().map(unit -> unit.session().projectId()), live.projects());
        return new Names(live.emails(), live.projects());
    }

    private void read(String query, Stream<UUID> ids, Map<UUID, String> texts) throws SQLException {
        var unknown = ids.filter(id -> !texts.containsKey(id)).toList();
        Rows.withIds(connection, query, unknown, row -> texts.put(row.getObject(1, UUID.class), row.getString(2)));
    }
}
