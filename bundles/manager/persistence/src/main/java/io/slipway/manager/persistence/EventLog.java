package io.slipway.manager.persistence;

import io.slipway.manager.persistence.row.HistoryRow;
import io.slipway.manager.persistence.row.Move;
import io.slipway.manager.persistence.row.OutboxRow;
import jakarta.persistence.EntityManager;
import jakarta.persistence.FlushModeType;
import java.util.List;

/** Writes what happened: a history row for each move, and an outbox row for each that others are told of. */
final class EventLog {

    private final Dialect dialect;

    EventLog(Dialect dialect) {
        this.dialect = dialect;
    }

    /** Writes moves in the order given; the rows of their sessions are locked or new. */
    void write(EntityManager entities, List<Move> moves) {
        if (moves.isEmpty()) {
            return;
        }
        var published = moves.stream().filter(EventLog::isPublished).toList();
        var ids = nextIds(entities, moves.size() + published.size()).iterator();
        moves.forEach(move -> entities.persist(new HistoryRow(ids.next(), move)));
        published.forEach(move -> entities.persist(new OutboxRow(ids.next(), move)));
    }

    /** That a kernel was made is no news: its session was. */
    private static boolean isPublished(Move move) {
        return move.kernel() == null || !move.from().isEmpty();
    }

    private List<Long> nextIds(EntityManager entities, int count) {
        List<?> ids = entities.createNativeQuery(dialect.nextIds())
                .setParameter(1, count)
                // reads no row: what is pending may stay so and be written in larger batches
                .setFlushMode(FlushModeType.COMMIT)
                .getResultList();
        return ids.stream().map(id -> ((Number) id).longValue()).sorted().toList();
    }
}
