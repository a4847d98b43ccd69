package io.slipway.manager.persistence;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The databases that every contract test runs on. Opened once per test JVM and shared: each test has a tenant of its own. */
enum DatabaseKind {
    H2_FILE,
    POSTGRESQL;

    private static final Map<DatabaseKind, Database> SHARED = new EnumMap<>(DatabaseKind.class);
    private static final Map<DatabaseKind, Database> EMPTIED = new EnumMap<>(DatabaseKind.class);
    private static final List<String> CHILDREN_FIRST = List.of(
            "tasks",
            "outbox_claims",
            "outbox",
            "history",
            "kernel_logs",
            "reservations",
            "allocations",
            "kernels",
            "sessions",
            "image_aliases",
            "images",
            "agents",
            "resource_group_projects",
            "resource_group_domains",
            "resource_groups",
            "project_members",
            "keypairs",
            "users",
            "keypair_policies",
            "projects",
            "domains");
    private static Path folder;
    private static PostgresqlServer server;

    /** Returns those that tests are to run on. */
    static List<DatabaseKind> all() {
        return Stream.of(values())
                .filter(kind -> kind != POSTGRESQL || System.getProperty("slipway.skipPostgresql") == null)
                .toList();
    }

    /** Returns the one that tests share. */
    Database shared() {
        synchronized (SHARED) {
            return SHARED.computeIfAbsent(this, kind -> Database.open(kind.newSettings()));
        }
    }

    /** Returns another one that tests share, for those that look at all there is: emptied. */
    Database emptied() {
        synchronized (SHARED) {
            var database = EMPTIED.computeIfAbsent(this, kind -> Database.open(kind.newSettings()));
            database.transactions().write(entities -> {
                for (var table : CHILDREN_FIRST) {
                    entities.createNativeQuery("DELETE FROM " + table).executeUpdate();
                }
                return database;
            });
            return database;
        }
    }

    /** Returns a new, empty one; the caller closes it. */
    Database openNew() {
        return Database.open(newSettings());
    }

    /** Returns the settings of a new, empty one. */
    DatabaseSettings newSettings() {
        var url = switch (this) {
            case H2_FILE -> "jdbc:h2:file:" + newFolder().resolve("slipway");
            case POSTGRESQL -> server().createDatabase();
        };
        return settings(url);
    }

    static DatabaseSettings settings(String url) {
        var complete = DatabaseSettings.completeUrl(url, Path.of("/"));
        return new DatabaseSettings(
                complete, DatabaseSettings.dialectOf(complete), PostgresqlServer.USER, "", 16, Duration.ofSeconds(20));
    }

    private static Path newFolder() {
        synchronized (SHARED) {
            try {
                if (folder == null) {
                    folder = Files.createTempDirectory("slipway-h2-");
                    atEnd(DatabaseKind::end);
                }
                return Files.createTempDirectory(folder, "db");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static PostgresqlServer server() {
        synchronized (SHARED) {
            if (server == null) {
                server = PostgresqlServer.start();
                atEnd(server::close);
            }
            return server;
        }
    }

    private static void end() {
        SHARED.values().forEach(Database::close);
        EMPTIED.values().forEach(Database::close);
        try (var files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void atEnd(Runnable action) {
        Runtime.getRuntime().addShutdownHook(new Thread(action, "test-databases-end"));
    }
}
