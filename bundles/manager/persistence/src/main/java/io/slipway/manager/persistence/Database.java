package io.slipway.manager.persistence;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.slipway.manager.persistence.row.SessionFieldsMigration;
import jakarta.persistence.EntityManagerFactory;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.eclipse.persistence.config.BatchWriting;
import org.eclipse.persistence.config.PersistenceUnitProperties;
import org.eclipse.persistence.jpa.PersistenceProvider;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** An open database whose schema is up to date. Thread-safe. */
public final class Database implements AutoCloseable {

    private static final String BATCH_SIZE = "500";

    private final HikariDataSource pool;
    private final EntityManagerFactory factory;
    private final Transactions transactions;
    private final TimeOrderedIds ids;
    private final Writes writes;
    private final @Nullable FileCompaction compaction;

    private Database(HikariDataSource pool, EntityManagerFactory factory, DatabaseSettings settings) {
        var dialect = settings.dialect();
        this.pool = pool;
        this.factory = factory;
        // shared by all threads, which the usual generators must not be
        RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        this.transactions = new Transactions(pool, WriteCount.of(settings.url()), factory, dialect, random);
        this.ids = new TimeOrderedIds(InstantSource.system(), random);
        this.writes = new Writes(transactions, dialect, ids);
        this.compaction = dialect == Dialect.H2 ? new FileCompaction(pool) : null;
    }

    /**
     * Connects, brings the schema up to date and makes everything ready. Blocks.
     *
     * @throws jakarta.persistence.PersistenceException or an unchecked exception of pool, driver or Flyway if it is not there
     */
    static Database open(DatabaseSettings settings) {
        // Flyway, EclipseLink and the drivers look for classes and resources through the thread's loader, too
        var thread = Thread.currentThread();
        var before = thread.getContextClassLoader();
        thread.setContextClassLoader(Database.class.getClassLoader());
        HikariDataSource pool = null;
        Database opened = null;
        try {
            pool = new HikariDataSource(poolConfig(settings));
            migrate(pool, settings.dialect());
            opened = new Database(pool, factory(pool, settings.dialect()), settings);
            if (opened.compaction != null) {
                opened.compaction.start();
            }
            return opened;
        } finally {
            if (opened == null && pool != null) {
                pool.close();
            }
            thread.setContextClassLoader(before);
        }
    }

    private static HikariConfig poolConfig(DatabaseSettings settings) {
        var config = new HikariConfig();
        config.setPoolName("slipway-database");
        config.setDataSource(dataSource(settings));
        config.setMaximumPoolSize(settings.poolSize());
        config.setMinimumIdle(Math.min(2, settings.poolSize()));
        config.setConnectionTimeout(settings.connectTimeout().toMillis());
        config.setInitializationFailTimeout(1);
        config.setConnectionInitSql(settings.dialect().connectionInit());
        return config;
    }

    private static DataSource dataSource(DatabaseSettings settings) {
        // the drivers' own classes: DriverManager would look for them in other class loaders
        return switch (settings.dialect()) {
            case H2 -> {
                var source = new JdbcDataSource();
                source.setURL(settings.url());
                source.setUser(settings.user());
                source.setPassword(settings.password());
                yield source;
            }
            case POSTGRESQL -> {
                var source = new PGSimpleDataSource();
                source.setURL(settings.url());
                source.setUser(settings.user());
                source.setPassword(settings.password());
                yield source;
            }
        };
    }

    private static void migrate(DataSource source, Dialect dialect) {
        Flyway.configure(Database.class.getClassLoader())
                .dataSource(source)
                .locations(dialect.migrations().toArray(String[]::new))
                .javaMigrations(new SessionFieldsMigration())
                .table("schema_history")
                .validateMigrationNaming(true)
                .loggers("slf4j")
                .cleanDisabled(true)
                .load()
                .migrate();
    }

    private static EntityManagerFactory factory(DataSource source, Dialect dialect) {
        var properties = Map.<String, Object>ofEntries(
                // EclipseLink keeps sessions by name for the whole JVM: a second database must not get the first one's
                Map.entry(PersistenceUnitProperties.SESSION_NAME, "slipway-" + UUID.randomUUID()),
                Map.entry(PersistenceUnitProperties.TARGET_DATABASE, dialect.platform()),
                Map.entry(PersistenceUnitProperties.CLASSLOADER, Database.class.getClassLoader()),
                Map.entry(PersistenceUnitProperties.WEAVING, "static"),
                Map.entry(PersistenceUnitProperties.CACHE_SHARED_DEFAULT, "false"),
                Map.entry(PersistenceUnitProperties.BATCH_WRITING, BatchWriting.JDBC),
                Map.entry(PersistenceUnitProperties.BATCH_WRITING_SIZE, BATCH_SIZE),
                Map.entry(PersistenceUnitProperties.SESSION_CUSTOMIZER, InsertOrder.class.getName()),
                Map.entry(PersistenceUnitProperties.LOGGING_LOGGER, EclipseLinkLog.class.getName()),
                Map.entry(PersistenceUnitProperties.LOGGING_LEVEL, "WARNING"),
                Map.entry(PersistenceUnitProperties.LOGGING_PARAMETERS, "false"),
                Map.entry(PersistenceUnitProperties.DEPLOY_ON_STARTUP, "true"));
        return new PersistenceProvider().createContainerEntityManagerFactory(new PersistenceUnit(source), properties);
    }

    /** Returns the way to read. */
    Transactions transactions() {
        return transactions;
    }

    /** Returns the way to change something. */
    Writes writes() {
        return writes;
    }

    /** Returns a new id for a row. */
    UUID newId() {
        return ids.next();
    }

    /** Closes everything; calls that are under way fail. */
    @Override
    public void close() {
        if (compaction != null) {
            compaction.close();
        }
        factory.close();
        pool.close();
    }
}
