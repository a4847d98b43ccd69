package io.slipway.manager.persistence;

import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.eclipse.persistence.exceptions.DatabaseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs work in transactions. Work must be repeatable: when the database gives up a transaction in favour of another one, it
 * is run again, a few times, after a short random pause. Thread-safe.
 */
final class Transactions {

    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);
    private static final int MOST_TRIES = 8;
    private static final int FIRST_PAUSE_MILLIS = 4;
    private static final int LONGEST_PAUSE_MILLIS = 250;

    private final DataSource source;
    private final WriteCount count;
    private final EntityManagerFactory factory;
    private final Dialect dialect;
    private final RandomGenerator random;

    /** What is done without EclipseLink. */
    @FunctionalInterface
    interface PlainStatement<T> {
        T on(Connection connection) throws SQLException;
    }

    /** @param count of what is written to the same database */
    Transactions(
            DataSource source,
            WriteCount count,
            EntityManagerFactory factory,
            Dialect dialect,
            RandomGenerator random) {
        this.source = source;
        this.count = count;
        this.factory = factory;
        this.dialect = dialect;
        this.random = random;
    }

    /**
     * Runs work that changes something.
     *
     * @throws SlipwayException UNAVAILABLE if the database cannot be reached or gave up all tries; INTERNAL if it refused
     */
    <T> T write(Function<EntityManager, T> work) {
        return write(number -> {}, work);
    }

    /**
     * Runs work that changes something.
     *
     * @param number told the write's number in {@link WriteCount} before it begins
     */
    <T> T write(LongConsumer number, Function<EntityManager, T> work) {
        return count.during(number, () -> repeatedly(() -> withEntities(entities -> once(entities, work))));
    }

    /** Runs work that changes something, without EclipseLink; failures as {@link #write}. */
    <T> T writePlainly(LongConsumer number, PlainStatement<T> work) {
        return count.during(
                number,
                () -> repeatedly(() -> {
                    try (var connection = source.getConnection()) {
                        return once(connection, work);
                    } catch (SQLException e) {
                        throw new PersistenceException(e);
                    }
                }));
    }

    /** Returns the count of what is written to this database. */
    WriteCount count() {
        return count;
    }

    /** Returns what {@link WriteCount#calm} says of this database. */
    long calm() {
        return count.calm();
    }

    /** Runs a single statement that only reads; failures as {@link #write}. */
    <T> T readOnce(Function<EntityManager, T> statement) {
        return repeatedly(() -> withEntities(statement));
    }

    /** Runs a single statement that only reads, without EclipseLink; failures as {@link #write}. */
    <T> T readPlainly(PlainStatement<T> statement) {
        return repeatedly(() -> {
            try (var connection = source.getConnection()) {
                return statement.on(connection);
            } catch (SQLException e) {
                throw new PersistenceException(e);
            }
        });
    }

    /** Runs work that only reads and sees one moment in all its queries; failures as {@link #write}. */
    <T> T read(Function<EntityManager, T> work) {
        return repeatedly(() -> withEntities(entities -> once(entities, ignored -> {
            seeOneMoment(entities);
            return work.apply(entities);
        })));
    }

    private <T> T withEntities(Function<EntityManager, T> work) {
        try (var entities = factory.createEntityManager()) {
            return work.apply(entities);
        }
    }

    private <T> T repeatedly(Supplier<T> work) {
        for (int tries = 1; ; tries++) {
            try {
                return work.get();
            } catch (PersistenceException | DatabaseException e) {
                var cause = sqlCause(e);
                if (tries == MOST_TRIES || cause.isEmpty() || !isPassing(cause.get())) {
                    throw failure(e, cause);
                }
                LOG.debug("Transaction given up by the database, try {} of {}", tries, MOST_TRIES, e);
            }
            pause(tries);
        }
    }

    private static <T> T once(EntityManager entities, Function<EntityManager, T> work) {
        var transaction = entities.getTransaction();
        transaction.begin();
        try {
            var result = work.apply(entities);
            transaction.commit();
            return result;
        } finally {
            if (transaction.isActive()) {
                transaction.rollback();
            }
        }
    }

    private static <T> T once(Connection connection, PlainStatement<T> work) throws SQLException {
        connection.setAutoCommit(false); // the pool sets it back when the connection returns
        var isCommitted = false;
        try {
            var result = work.on(connection);
            connection.commit();
            isCommitted = true;
            return result;
        } finally {
            if (!isCommitted) {
                connection.rollback();
            }
        }
    }

    private static void seeOneMoment(EntityManager entities) {
        try {
            // the pool sets it back when the connection returns
            entities.unwrap(Connection.class).setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        } catch (SQLException e) {
            throw new PersistenceException(e);
        }
    }

    private boolean isPassing(SQLException cause) {
        var state = cause.getSQLState();
        return state != null && dialect.isPassing(state);
    }

    private static SlipwayException failure(RuntimeException e, Optional<SQLException> cause) {
        var state = cause.map(SQLException::getSQLState).orElse("");
        // 22: bad data, 23: broken constraint, 42: bad statement; all others are the database's condition
        var isRefusal = cause.isEmpty() || state.startsWith("22") || state.startsWith("23") || state.startsWith("42");
        return new SlipwayException(
                isRefusal ? FailureCode.INTERNAL : FailureCode.UNAVAILABLE,
                (isRefusal ? "The database refused a transaction" : "The database is not available now")
                        + (state.isEmpty() ? "" : " (SQL state " + state + ")"),
                Map.of(),
                e);
    }

    private static Optional<SQLException> sqlCause(Throwable thrown) {
        SQLException found = null;
        for (var cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                // a failed batch hides the failed row behind itself
                found = sql.getNextException() == null ? sql : sql.getNextException();
            }
        }
        return Optional.ofNullable(found);
    }

    private void pause(int tries) {
        var ceiling = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << tries);
        try {
            TimeUnit.MILLISECONDS.sleep(random.nextInt(1, ceiling + 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SlipwayException(FailureCode.UNAVAILABLE, "Interrupted between two tries of a transaction");
        }
    }
}
