package io.slipway.manager.persistence.row;

import io.slipway.manager.store.SessionDetails;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;

/** Fills the columns that lists are filtered by from the details of the sessions that are there. */
public final class SessionFieldsMigration implements JavaMigration {

    private static final int BATCH = 500;
    private static final int TYPE = 1;
    private static final int TAG = 2;
    private static final int MODE = 3;
    private static final int STARTS_AT = 4;
    private static final int ID = 5;

    @Override
    public MigrationVersion getVersion() {
        return MigrationVersion.fromVersion("8");
    }

    @Override
    public String getDescription() {
        return "session fields from details";
    }

    @Override
    public @Nullable Integer getChecksum() {
        return null;
    }

    @Override
    public boolean canExecuteInTransaction() {
        return true;
    }

    @Override
    public void migrate(Context context) throws SQLException {
        var connection = context.getConnection();
        try (var reading = connection.prepareStatement("SELECT id, details FROM sessions");
                var rows = reading.executeQuery();
                var writing = connection.prepareStatement("UPDATE sessions"
                        + " SET session_type = ?, tag = ?, cluster_mode = ?, starts_at = ? WHERE id = ?")) {
            for (var count = 1; rows.next(); count++) {
                set(writing, JsonText.details(rows.getString("details")));
                writing.setObject(ID, rows.getObject("id"));
                writing.addBatch();
                if (count % BATCH == 0) {
                    writing.executeBatch();
                }
            }
            writing.executeBatch();
        }
    }

    private static void set(PreparedStatement writing, SessionDetails details) throws SQLException {
        writing.setString(TYPE, details.type().name());
        writing.setString(TAG, storedTag(details));
        writing.setString(MODE, details.clusterMode().name());
        writing.setObject(STARTS_AT, storedStart(details), Types.BIGINT);
    }

    /** Returns the user's mark as it is stored. */
    static @Nullable String storedTag(SessionDetails details) {
        return details.tag() == null ? null : StoredText.clean(details.tag());
    }

    /** Returns before which time it is not placed, as it is stored. */
    static @Nullable Long storedStart(SessionDetails details) {
        return details.startsAt() == null ? null : Micros.of(details.startsAt());
    }
}
