package io.slipway.manager.persistence;

import io.slipway.manager.persistence.row.Micros;
import io.slipway.manager.persistence.row.Move;
import io.slipway.manager.persistence.row.StoredText;
import io.slipway.manager.store.SessionEvent;
import io.slipway.model.session.SessionId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;

/**
 * What happened in one transaction: a history row for each move, and an outbox row for each that others are told of. These
 * are most of all rows, are only ever added here and refer to nothing, so they are only
 * gathered here and written together. Belongs to one transaction.
 */
final class EventLog {

    private static final String HISTORY =
            "INSERT INTO history (id, session_id, kernel_id, from_status, to_status, reason, happened_at)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?)";
    private static final String OUTBOX =
            "INSERT INTO outbox (id, session_id, kernel_id, resource_group, status, reason, happened_at)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?)";

    private final Dialect dialect;
    private final List<Move> moves = new ArrayList<>();

    EventLog(Dialect dialect) {
        this.dialect = dialect;
    }

    /** Adds a move; the row of its session is locked or new. */
    void add(Move move) {
        moves.add(move);
    }

    /** Writes all moves in the order in which they were added, once, at the end; returns those that others are told of. */
    List<SessionEvent> write(Connection connection) throws SQLException {
        if (moves.isEmpty()) {
            return List.of();
        }
        var published = moves.stream().filter(EventLog::isPublished).toList();
        var ids = nextIds(connection, moves.size() + published.size()).iterator();
        try (var history = connection.prepareStatement(HISTORY);
                var outbox = connection.prepareStatement(OUTBOX)) {
            for (var move : moves) {
                addRow(history, ids.next(), move, move.from(), move.to());
            }
            history.executeBatch();
            var events = new ArrayList<SessionEvent>(published.size());
            for (var move : published) {
                long id = ids.next();
                addRow(outbox, id, move, move.resourceGroup(), move.to());
                events.add(event(id, move));
            }
            outbox.executeBatch();
            return events;
        }
    }

    private static void addRow(PreparedStatement insert, long id, Move move, String first, String second)
            throws SQLException {
        insert.setLong(1, id);
        insert.setObject(2, move.session());
        if (move.kernel() == null) {
            insert.setNull(3, Types.OTHER);
        } else {
            insert.setObject(3, move.kernel());
        }
        insert.setString(4, first);
        insert.setString(5, second);
        insert.setString(6, StoredText.reason(move.reason()));
        insert.setLong(7, Micros.of(move.at()));
        insert.addBatch();
    }

    private static SessionEvent event(long id, Move move) {
        var kernel = move.kernel();
        return new SessionEvent(
                id,
                new SessionId(move.session()),
                kernel == null ? null : kernel.toString(),
                move.resourceGroup(),
                move.to(),
                StoredText.reason(move.reason()),
                Micros.instant(Micros.of(move.at())));
    }

    /** That a kernel was made is no news: its session was. */
    private static boolean isPublished(Move move) {
        return move.kernel() == null || !move.from().isEmpty();
    }

    private List<Long> nextIds(Connection connection, int count) throws SQLException {
        try (var query = connection.prepareStatement(dialect.nextIds())) {
            query.setInt(1, count);
            return Rows.all(query, row -> row.getLong(1)).stream().sorted().toList();
        }
    }
}
