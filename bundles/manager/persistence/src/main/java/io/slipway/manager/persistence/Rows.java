package io.slipway.manager.persistence;

import jakarta.persistence.PersistenceException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** Statements for many rows at once, by plain JDBC: what moves sessions runs too often for entities. Stateless. */
final class Rows {

    /** The state that tells {@link Transactions} that a transaction is to be tried again. */
    private static final String TRY_AGAIN = "40001";

    private Rows() {}

    /** Makes a value of the row that a result stands at. */
    @FunctionalInterface
    interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Sets the parameters of one row and adds it to a batch. */
    @FunctionalInterface
    interface Binder<T> {
        void bind(PreparedStatement batch, T row) throws SQLException;
    }

    /** Returns what a query with {@code = ANY(?)} finds; the same key twice makes no difference. */
    static <T> List<T> withTexts(Connection connection, String query, Collection<String> keys, Reader<T> reader)
            throws SQLException {
        return with(connection, query, "varchar", keys.stream().distinct().toArray(), reader);
    }

    /** Returns what a query with {@code = ANY(?)} finds; the same key twice makes no difference. */
    static <T> List<T> withIds(Connection connection, String query, Collection<UUID> keys, Reader<T> reader)
            throws SQLException {
        return with(connection, query, "uuid", keys.stream().distinct().toArray(), reader);
    }

    private static <T> List<T> with(Connection connection, String query, String type, Object[] keys, Reader<T> reader)
            throws SQLException {
        if (keys.length == 0) {
            return List.of();
        }
        try (var statement = connection.prepareStatement(query)) {
            statement.setArray(1, connection.createArrayOf(type, keys));
            return all(statement, reader);
        }
    }

    /** Returns all that a statement, ready to run, finds. */
    static <T> List<T> all(PreparedStatement statement, Reader<T> reader) throws SQLException {
        try (var rows = statement.executeQuery()) {
            var found = new ArrayList<T>();
            while (rows.next()) {
                found.add(reader.read(rows));
            }
            return found;
        }
    }

    /** Runs a statement once for each row. */
    static <T> void each(Connection connection, String text, Collection<T> rows, Binder<T> binder) throws SQLException {
        run(connection, text, rows, binder);
    }

    /** Runs a guarded statement once for each row, each of which must be there and as it was read. */
    static <T> void eachGuarded(Connection connection, String text, Collection<T> rows, Binder<T> binder)
            throws SQLException {
        for (var count : run(connection, text, rows, binder)) {
            if (count != 1 && count != Statement.SUCCESS_NO_INFO) {
                throw new PersistenceException(new SQLException("changed by another: " + text, TRY_AGAIN));
            }
        }
    }

    private static <T> int[] run(Connection connection, String text, Collection<T> rows, Binder<T> binder)
            throws SQLException {
        if (rows.isEmpty()) {
            return new int[0];
        }
        try (var batch = connection.prepareStatement(text)) {
            for (var row : rows) {
                binder.bind(batch, row);
            }
            return batch.executeBatch();
        }
    }

    /** Deletes the rows with these ids. */
    static void delete(Connection connection, String text, Collection<UUID> ids) throws SQLException {
        if (ids.isEmpty()) {
            return;
        }
        try (var statement = connection.prepareStatement(text)) {
            statement.setArray(1, connection.createArrayOf("uuid", ids.toArray()));
            statement.executeUpdate();
        }
    }
}
