package io.slipway.manager.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.h2.jdbc.JdbcConnection;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class FileCompactionTest {

    private static final int ROWS = 300;

    @Test
    void roomOfOldPagesIsUsedAgain(@TempDir Path folder) throws Exception {
        var source = new JdbcDataSource();
        source.setURL("jdbc:h2:file:" + folder.resolve("grown") + ";WRITE_DELAY=0;RETENTION_TIME=500");
        try (var connection = source.getConnection();
                var compaction = new FileCompaction(source)) {
            grow(connection);
            var file = FileCompaction.store(connection.unwrap(JdbcConnection.class))
                    .getFileStore();
            var before = file.getFillRate();
            assertTrue(before > 80, () -> before + " % in use");
            while (file.getFillRate() > before / 2) {
                TimeUnit.MILLISECONDS.sleep(200);
                compaction.compact();
                // pages are given back by the next commit
                touch(connection);
            }
            assertEquals(ROWS, count(connection));
        }
    }

    private static void grow(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (var table = 0; table < 3; table++) {
                statement.execute("CREATE TABLE t" + table + "(id INT PRIMARY KEY, text VARCHAR)");
                statement.execute("CREATE INDEX i" + table + " ON t" + table + "(text)");
            }
            for (var row = 0; row < ROWS; row++) {
                for (var table = 0; table < 3; table++) {
                    statement.execute("INSERT INTO t" + table + " VALUES (" + row + ", RANDOM_UUID() || SPACE(200))");
                }
            }
        }
    }

    private static void touch(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("UPDATE t0 SET text = RANDOM_UUID() WHERE id = 0");
        }
    }

    private static int count(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT COUNT(*) FROM t1")) {
            assertTrue(rows.next());
            return rows.getInt(1);
        }
    }
}
