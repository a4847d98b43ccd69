package io.slipway.manager.persistence;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;
import org.eclipse.persistence.internal.sessions.AbstractSession;
import org.eclipse.persistence.platform.database.H2Platform;

/**
 * H2 as EclipseLink knows it, but with UUIDs bound as UUIDs: bound as text they use no index. And without row locks: all that
 * changes something goes through one queue ({@link Writes}), so nobody is there to be kept out, while a lock is a change of
 * its row, whose page would be written at each commit.
 */
public final class NativeUuidH2Platform extends H2Platform {

    private static final long serialVersionUID = 1L;

    /** Used by EclipseLink. */
    public NativeUuidH2Platform() {}

    @Override
    public Object convertToDatabaseType(Object value) {
        return value instanceof UUID ? value : super.convertToDatabaseType(value);
    }

    @Override
    public void setParameterValueInDatabaseCall(
            Object parameter, PreparedStatement statement, int index, AbstractSession session) throws SQLException {
        if (parameter instanceof UUID) {
            statement.setObject(index, parameter);
        } else {
            super.setParameterValueInDatabaseCall(parameter, statement, index, session);
        }
    }

    @Override
    public String getSelectForUpdateString() {
        return "";
    }
}
