package io.slipway.manager.persistence;

import io.slipway.manager.store.AgentStore;
import io.slipway.manager.store.IdentityStore;
import io.slipway.manager.store.OutboxStore;
import io.slipway.manager.store.SchedulingStore;
import io.slipway.manager.store.SessionStore;
import java.nio.file.Path;
import java.time.Duration;

/** The real stores over a database of one's own, for tests of those who use them. */
public final class OpenStores implements AutoCloseable {

    private final Database database;

    private OpenStores(String url) {
        var complete = DatabaseSettings.completeUrl(url, Path.of(""));
        database = Database.open(new DatabaseSettings(
                complete, DatabaseSettings.dialectOf(complete), "slipway", "", 10, Duration.ofSeconds(10)));
    }

    /** Opens a database in memory. */
    public static OpenStores inMemory(String name) {
        return new OpenStores("jdbc:h2:mem:" + name);
    }

    /** Opens an empty database of a PostgreSQL server that ends with this JVM. */
    public static OpenStores onPostgresql() {
        var server = PostgresqlServer.start();
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "test-database-end"));
        return new OpenStores(server.createDatabase());
    }

    /** Opens a database in a file, each commit of which is made durable. */
    public static OpenStores inFile(Path file) {
        return new OpenStores("jdbc:h2:file:" + file.toAbsolutePath());
    }

    public SessionStore sessions() {
        return new JpaSessionStore(database);
    }

    public SchedulingStore scheduling() {
        return new JpaSchedulingStore(database);
    }

    public OutboxStore outbox() {
        return new JpaOutboxStore(database);
    }

    public AgentStore agents() {
        return new JpaAgentStore(database);
    }

    public IdentityStore identities() {
        return new JpaIdentityStore(database);
    }

    @Override
    public void close() {
        database.close();
    }
}
