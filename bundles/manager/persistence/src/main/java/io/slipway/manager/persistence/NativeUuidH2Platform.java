package io.slipway.manager.persistence;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;
import org.eclipse.persistence.internal.sessions.AbstractSession;
import org.eclipse.persistence.platform.database.H2Platform;

/** H2 as EclipseLink knows it, but with UUIDs bound as UUIDs: bound as text they use no index. */
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
}
