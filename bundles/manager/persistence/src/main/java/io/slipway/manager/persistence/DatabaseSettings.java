package io.slipway.manager.persistence;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * Checked settings.
 *
 * @param url JDBC address, complete with all that our promises need
 * @param dialect which database it is
 * @param user who connects
 * @param password its password, may be empty
 * @param poolSize the most connections
 * @param connectTimeout how long a transaction waits for a connection
 */
record DatabaseSettings(
        String url, Dialect dialect, String user, String password, int poolSize, Duration connectTimeout) {

    private static final String H2_PREFIX = "jdbc:h2:";
    private static final String POSTGRESQL_PREFIX = "jdbc:postgresql:";

    /**
     * Checks what the operator wrote.
     *
     * @throws IllegalArgumentException naming key and value if one is wrong
     */
    static DatabaseSettings of(DatabaseComponent.Config config, Path home) {
        var url = completeUrl(config.url(), home);
        return new DatabaseSettings(
                url,
                dialectOf(url),
                config.user(),
                config.password(),
                inRange("poolSize", config.poolSize(), 2, 200),
                Duration.ofMillis(inRange("connectTimeoutMillis", config.connectTimeoutMillis(), 250, 60_000)));
    }

    private static int inRange(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "io.slipway.manager.persistence: " + key + " = " + value + " is not in " + least + " to " + most);
        }
        return value;
    }

    /**
     * Completes an address: H2 writes every commit at once, is closed by us alone, and keeps parsed statements;
     * PostgreSQL's driver sends batches as one statement.
     *
     * @param url as the operator wrote it; empty for the file {@code data/slipway} in the home
     * @param home the folder of the installation
     * @throws IllegalArgumentException if the address is of no known database or contradicts durability
     */
    static String completeUrl(String url, Path home) {
        var written = url.isBlank() ? H2_PREFIX + "file:" + home.resolve("data").resolve("slipway") : url.strip();
        if (written.startsWith(H2_PREFIX)) {
            return completeH2(written);
        }
        if (!written.startsWith(POSTGRESQL_PREFIX)) {
            throw new IllegalArgumentException("io.slipway.manager.persistence: url = '" + withoutSecrets(written)
                    + "' starts with neither " + H2_PREFIX + " nor " + POSTGRESQL_PREFIX);
        }
        var completed = appendMissing(written, '?', '&', "reWriteBatchedInserts", "true");
        completed = appendMissing(completed, '?', '&', "ApplicationName", "slipway");
        return appendMissing(completed, '?', '&', "preparedStatementCacheQueries", "1024");
    }

    private static String completeH2(String url) {
        var upper = url.toUpperCase(Locale.ROOT);
        if (upper.contains(";WRITE_DELAY=") && !upper.contains(";WRITE_DELAY=0")) {
            throw new IllegalArgumentException("io.slipway.manager.persistence: url = '" + withoutSecrets(url)
                    + "' has a WRITE_DELAY other than 0: commits would get lost");
        }
        if (upper.startsWith("JDBC:H2:TCP:")
                || upper.startsWith("JDBC:H2:SSL:")
                || upper.contains(";AUTO_SERVER=TRUE")) {
            throw new IllegalArgumentException("io.slipway.manager.persistence: url = '" + withoutSecrets(url)
                    + "' lets others change the database: H2 is for one manager, PostgreSQL for several");
        }
        var completed = appendMissing(url, ';', ';', "WRITE_DELAY", "0");
        completed = appendMissing(completed, ';', ';', "DB_CLOSE_ON_EXIT", "FALSE");
        // else it walks every statement's tree to see whether the last answer still holds, which it does not here
        completed = appendMissing(completed, ';', ';', "OPTIMIZE_REUSE_RESULTS", "FALSE");
        return appendMissing(completed, ';', ';', "QUERY_CACHE_SIZE", "512");
    }

    private static String appendMissing(String url, char first, char next, String key, String value) {
        if (url.toUpperCase(Locale.ROOT).contains(key.toUpperCase(Locale.ROOT) + "=")) {
            return url;
        }
        return url + (url.indexOf(first) < 0 ? first : next) + key + "=" + value;
    }

    /** Returns which database an address is of. */
    static Dialect dialectOf(String url) {
        return url.startsWith(H2_PREFIX) ? Dialect.H2 : Dialect.POSTGRESQL;
    }

    /** Returns the address without its parameters, for people. */
    String shownUrl() {
        return withoutSecrets(url);
    }

    private static String withoutSecrets(String url) {
        return url.replaceAll("[?;].*", "").replaceAll("//[^/@]*@", "//");
    }

    @Override
    public String toString() {
        return "DatabaseSettings[" + shownUrl() + ", user " + user + ", " + poolSize + " connections]";
    }
}
