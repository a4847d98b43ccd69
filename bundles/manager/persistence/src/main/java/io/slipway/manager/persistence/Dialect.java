package io.slipway.manager.persistence;

import java.util.List;

/** The databases that are served, with all in which they differ. */
enum Dialect {
    /** Embedded, in a file or in memory. */
    H2(
            NativeUuidH2Platform.class.getName(),
            "h2",
            "SELECT NEXT VALUE FOR event_ids FROM SYSTEM_RANGE(1, ?)",
            "SET LOCK_TIMEOUT 10000",
            // deadlock, lock wait over, row changed meanwhile
            "40001 HYT00 90131"),
    /** A server. */
    POSTGRESQL(
            NativeUuidPostgresqlPlatform.class.getName(),
            "postgresql",
            "SELECT nextval('event_ids') FROM generate_series(1, ?)",
            "SET lock_timeout = '10s'; SET statement_timeout = '60s'",
            // serialization failure, deadlock, lock wait over
            "40001 40P01 55P03");

    private static final String UNIQUE_VIOLATION = "23505";

    private final String platform;
    private final String folder;
    private final String nextIds;
    private final String connectionInit;
    private final String passing;

    Dialect(String platform, String folder, String nextIds, String connectionInit, String passing) {
        this.platform = platform;
        this.folder = folder;
        this.nextIds = nextIds;
        this.connectionInit = connectionInit;
        this.passing = passing;
    }

    /** Returns the name of EclipseLink's class for it. */
    String platform() {
        return platform;
    }

    /** Returns where the migrations are. */
    List<String> migrations() {
        return List.of("classpath:db/migration/common", "classpath:db/migration/" + folder);
    }

    /** Returns a query for the next n event ids, n being its only parameter. */
    String nextIds() {
        return nextIds;
    }

    /** Returns what every new connection executes first: waits have a limit. */
    String connectionInit() {
        return connectionInit;
    }

    /**
     * Returns whether a failure of this SQL state may be gone when the transaction is tried again. A broken unique key is
     * among them: the second try sees the other's row and answers accordingly.
     */
    boolean isPassing(String sqlState) {
        return List.of(passing.split(" ")).contains(sqlState) || sqlState.equals(UNIQUE_VIOLATION);
    }
}
