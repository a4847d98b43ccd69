package io.slipway.manager.persistence.row;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The columns of one row of a result, each read after the one before it. Used by one thread. */
final class Columns {

    private final ResultSet row;
    private int last;

    Columns(ResultSet row) {
        this.row = row;
    }

    String text() throws SQLException {
        return row.getString(++last);
    }

    @Nullable
    String textOrNull() throws SQLException {
        return row.getString(++last);
    }

    UUID uuid() throws SQLException {
        return row.getObject(++last, UUID.class);
    }

    int integer() throws SQLException {
        return row.getInt(++last);
    }

    @Nullable
    Integer integerOrNull() throws SQLException {
        var value = row.getInt(++last);
        return row.wasNull() ? null : value;
    }

    long number() throws SQLException {
        return row.getLong(++last);
    }

    @Nullable
    Long numberOrNull() throws SQLException {
        var value = row.getLong(++last);
        return row.wasNull() ? null : value;
    }

    BigDecimal decimal() throws SQLException {
        return row.getBigDecimal(++last);
    }

    <E extends Enum<E>> E constant(Class<E> type) throws SQLException {
        return Enum.valueOf(type, text());
    }

    <E extends Enum<E>> @Nullable E constantOrNull(Class<E> type) throws SQLException {
        var name = textOrNull();
        return name == null ? null : Enum.valueOf(type, name);
    }
}
