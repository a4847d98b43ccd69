package io.slipway.manager.persistence;

import io.slipway.manager.persistence.row.Micros;
import io.slipway.manager.persistence.row.OutboxClaimRow;
import io.slipway.manager.persistence.row.OutboxRow;
import io.slipway.manager.persistence.row.TurnstileRow;
import io.slipway.manager.store.OutboxStore;
import io.slipway.manager.store.SessionEvent;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceException;
import jakarta.persistence.TypedQuery;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Keeps events in a table until they are published and for a while after. A claim is one row per publisher, a range of ids:
 * claiming a thousand events writes one row. Claims are made one at a time, through a turnstile, so that two publishers never
 * share a session.
 */
@Component
public final class JpaOutboxStore implements OutboxStore {

    private static final int LARGEST_CLAIM = 1_000;
    private static final String MARK = "UPDATE outbox SET published_at = ? WHERE id = ANY(?) AND published_at IS NULL";

    private final Transactions transactions;
    private final Writes writes;

    /** Used by the component runtime. */
    @Activate
    public JpaOutboxStore(@Reference Database database) {
        this.transactions = database.transactions();
        this.writes = database.writes();
    }

    @Override
    public List<SessionEvent> claim(String publisher, Instant now, Instant until, int limit) {
        checkLimit(limit);
        return writes.write(Set.of(), entities -> claim(entities, publisher, now, until, limit));
    }

    @Override
    public List<SessionEvent> publishedAndClaim(
            Collection<Long> ids, String publisher, Instant now, Instant until, int limit) {
        checkLimit(limit);
        return writes.write(Set.of(), entities -> {
            mark(entities, ids, now);
            return claim(entities, publisher, now, until, limit);
        });
    }

    private static void checkLimit(int limit) {
        if (limit < 1 || limit > LARGEST_CLAIM) {
            throw new IllegalArgumentException("limit " + limit + " (1 to " + LARGEST_CLAIM + ")");
        }
    }

    private static List<SessionEvent> claim(
            EntityManager entities, String publisher, Instant now, Instant until, int limit) {
        entities.find(TurnstileRow.class, TurnstileRow.OUTBOX, LockModeType.PESSIMISTIC_WRITE);
        var claims = entities.createQuery(
                        "SELECT c FROM OutboxClaimRow c WHERE c.publisher = :publisher OR c.claimedUntil > :now",
                        OutboxClaimRow.class)
                .setParameter("publisher", publisher)
                .setParameter("now", Micros.of(now))
                .getResultList();
        var foreign = claims.stream()
                .filter(claim -> !claim.publisher().equals(publisher))
                .toList();
        var events = free(entities, foreign)
                .setMaxResults(limit)
                .getResultStream()
                .map(OutboxRow::toEvent)
                .toList();
        var own = claims.stream()
                .filter(claim -> claim.publisher().equals(publisher))
                .findFirst();
        if (events.isEmpty()) {
            // a session with events in the old ranges of two publishers would be left out by both
            own.ifPresent(OutboxClaimRow::release);
        } else {
            own.orElseGet(() -> firstOf(entities, publisher))
                    .claim(events.getFirst().id(), events.getLast().id(), until);
        }
        return events;
    }

    private static OutboxClaimRow firstOf(EntityManager entities, String publisher) {
        var claim = new OutboxClaimRow(publisher);
        entities.persist(claim);
        return claim;
    }

    @Override
    public void published(Collection<Long> ids, Instant at) {
        if (!ids.isEmpty()) {
            writes.write(Set.of(), entities -> mark(entities, ids, at));
        }
    }

    private static int mark(EntityManager entities, Collection<Long> ids, Instant at) {
        if (ids.isEmpty()) {
            return 0;
        }
        var connection = entities.unwrap(Connection.class);
        try (var update = connection.prepareStatement(MARK)) {
            update.setLong(1, Micros.of(at));
            update.setArray(2, connection.createArrayOf("bigint", ids.toArray()));
            return update.executeUpdate();
        } catch (SQLException e) {
            throw new PersistenceException(e);
        }
    }

    @Override
    public List<SessionEvent> keptAfter(long id, int limit) {
        checkLimit(limit);
        return transactions.read(entities -> entities.createQuery(
                        "SELECT o FROM OutboxRow o WHERE o.id > :id ORDER BY o.id", OutboxRow.class)
                .setParameter("id", id)
                .setMaxResults(limit)
                .getResultStream()
                .map(OutboxRow::toEvent)
                .toList());
    }

    @Override
    public long last() {
        return transactions.read(entities -> entities.createQuery("SELECT MAX(o.id) FROM OutboxRow o", Long.class)
                .getResultStream()
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(0L));
    }

    @Override
    public boolean isInOrder() {
        return writes.areOneByOne();
    }

    @Override
    public Optional<Runnable> onStored(Consumer<List<SessionEvent>> listener) {
        return writes.onStored(listener);
    }

    @Override
    public int purge(Instant publishedBefore) {
        return writes.write(
                Set.of(),
                entities -> entities.createQuery("DELETE FROM OutboxRow o WHERE o.publishedAt < :before")
                        .setParameter("before", Micros.of(publishedBefore))
                        .executeUpdate());
    }

    /** Unpublished events in order, without those of sessions that have an unpublished event in another's range. */
    private static TypedQuery<OutboxRow> free(EntityManager entities, List<OutboxClaimRow> foreign) {
        var text = new StringBuilder("SELECT o FROM OutboxRow o WHERE o.publishedAt IS NULL");
        for (int i = 0; i < foreign.size(); i++) {
            text.append(" AND o.sessionId NOT IN (SELECT c.sessionId FROM OutboxRow c WHERE c.publishedAt IS NULL"
                            + " AND c.id BETWEEN :first")
                    .append(i)
                    .append(" AND :last")
                    .append(i)
                    .append(')');
        }
        var query = entities.createQuery(text.append(" ORDER BY o.id").toString(), OutboxRow.class);
        for (int i = 0; i < foreign.size(); i++) {
            query.setParameter("first" + i, foreign.get(i).firstId());
            query.setParameter("last" + i, foreign.get(i).lastId());
        }
        return query;
    }
}
