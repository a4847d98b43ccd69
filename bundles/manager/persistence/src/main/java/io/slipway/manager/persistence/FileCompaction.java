package io.slipway.manager.persistence;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes room in an H2 file again. Every commit appends the pages that it changed, and what they stood for before is dead but
 * for a page here and there; H2 would move those together on the thread that writes late, and there is none where every
 * commit is on disk when it returns. Without, a file grows by some 300 KB a session for ever (docs/decisions/0016). Never
 * interrupted: an interrupt would close the file.
 */
final class FileCompaction implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FileCompaction.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    /** Percent of the pages that live; nothing is moved while there are more. */
    private static final int FILL = 50;
    /** The most that is moved at a time, as commits wait meanwhile. */
    private static final int BYTES = 4 << 20;

    private final DataSource source;
    private final CountDownLatch isOver = new CountDownLatch(1);
    private final Thread thread;

    FileCompaction(DataSource source) {
        this.source = source;
        this.thread =
                Thread.ofPlatform().daemon().name("slipway-database-compaction").unstarted(this::loop);
    }

    void start() {
        thread.start();
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: whatever escaped would let the file grow from then on
    private void loop() {
        try {
            while (!isOver.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    compact();
                } catch (SQLException | RuntimeException e) {
                    LOG.warn("The database file could not be compacted, it is tried again: {}", e.toString());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Moves some pages if much of the file is dead; does nothing if there is no file. */
    void compact() throws SQLException {
        try (var connection = source.getConnection()) {
            var store = store(connection.unwrap(JdbcConnection.class));
            if (store.getFileStore() != null && !store.isClosed()) {
                store.compact(FILL, BYTES);
            }
        }
    }

    static MVStore store(JdbcConnection connection) {
        return ((SessionLocal) connection.getSession()).getDatabase().getStore().getMvStore();
    }

    @Override
    public void close() {
        isOver.countDown();
        try {
            if (thread.isAlive() && !thread.join(PATIENCE)) {
                LOG.warn("The database file is still being compacted after {}", PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
