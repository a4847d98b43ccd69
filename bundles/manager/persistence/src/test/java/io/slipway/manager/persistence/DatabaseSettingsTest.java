package io.slipway.manager.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.annotation.Annotation;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DatabaseSettingsTest {

    private static final Path HOME = Path.of("/a home");

    @Test
    void putsTheDatabaseIntoTheHome() {
        var settings = DatabaseSettings.of(new Settings("", 10, 1_000), HOME);
        assertEquals(
                "jdbc:h2:file:/a home/data/slipway;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE"
                        + ";OPTIMIZE_REUSE_RESULTS=FALSE;QUERY_CACHE_SIZE=512",
                settings.url());
        assertEquals(Dialect.H2, settings.dialect());
        assertEquals("jdbc:h2:file:/a home/data/slipway", settings.shownUrl());
    }

    @Test
    void keepsWhatTheOperatorSet() {
        assertEquals(
                "jdbc:h2:mem:x;query_cache_size=9;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE"
                        + ";OPTIMIZE_REUSE_RESULTS=FALSE",
                DatabaseSettings.completeUrl("jdbc:h2:mem:x;query_cache_size=9", HOME));
        assertEquals(
                "jdbc:postgresql://db/slipway?reWriteBatchedInserts=false&ApplicationName=slipway"
                        + "&preparedStatementCacheQueries=1024",
                DatabaseSettings.completeUrl("jdbc:postgresql://db/slipway?reWriteBatchedInserts=false", HOME));
    }

    @Test
    void namesKeyAndValueOfAWrongSetting() {
        assertRefused(new Settings("jdbc:oracle:thin", 10, 1_000), "url = 'jdbc:oracle:thin'");
        assertRefused(new Settings("jdbc:h2:file:/x;WRITE_DELAY=500", 10, 1_000), "WRITE_DELAY other than 0");
        assertRefused(new Settings("jdbc:h2:tcp://db/x", 10, 1_000), "H2 is for one manager");
        assertRefused(new Settings("jdbc:h2:file:/x;AUTO_SERVER=TRUE", 10, 1_000), "H2 is for one manager");
        assertRefused(new Settings("", 1, 1_000), "poolSize = 1 is not in 2 to 200");
        assertRefused(new Settings("", 10, 249), "connectTimeoutMillis = 249");
    }

    @Test
    void showsNoSecret() {
        var settings = DatabaseSettings.of(
                new Settings("jdbc:postgresql://me:secret@db/slipway?password=secret", 10, 1_000), HOME);
        assertFalse(settings.toString().contains("secret"), settings::toString);
        assertRefused(new Settings("jdbc:mysql://me:secret@db/x?password=secret", 10, 1_000), "jdbc:mysql://db/x'");
    }

    private static void assertRefused(Settings settings, String part) {
        var refusal = assertThrows(IllegalArgumentException.class, () -> DatabaseSettings.of(settings, HOME));
        assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
        assertTrue(refusal.getMessage().startsWith("io.slipway.manager.persistence: "), refusal.getMessage());
    }

    private record Settings(String url, int poolSize, int connectTimeoutMillis) implements DatabaseComponent.Config {

        @Override
        public String user() {
            return "slipway";
        }

        @Override
        public String password() {
            return "secret";
        }

        @Override
        public Class<? extends Annotation> annotationType() {
            return DatabaseComponent.Config.class;
        }
    }
}
