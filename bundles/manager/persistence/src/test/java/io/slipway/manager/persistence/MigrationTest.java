package io.slipway.manager.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slipway.manager.store.Condition;
import io.slipway.manager.store.Condition.Comparison;
import io.slipway.manager.store.SessionQuery;
import io.slipway.manager.store.SessionQuery.Field;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** An installation of an older version has data when its schema is brought up to date. */
@ParameterizedClass
@MethodSource("io.slipway.manager.persistence.DatabaseKind#all")
class MigrationTest {

    private static final String DETAILS = "{\"type\":\"%s\",\"priority\":10,\"clusterMode\":\"%s\",\"tag\":%s,"
            + "\"environment\":{\"type\":\"SYSTEM\",\"tag\":\"x\"},\"resourceOpts\":{},\"agents\":[],\"startupCommand\":null,"
            + "\"callbackUrl\":null,\"bootstrapScript\":null,\"timeoutSeconds\":0,\"startsAt\":%s}";

    private final DatabaseSettings settings;

    MigrationTest(DatabaseKind kind) {
        this.settings = kind.newSettings();
    }

    @Test
    void sessionsOfBeforeAreFoundByWhatTheirDetailsSay() throws SQLException {
        Flyway.configure()
                .dataSource(settings.url(), settings.user(), settings.password())
                .locations(settings.dialect().migrations().toArray(String[]::new))
                .table("schema_history")
                .target("6")
                .load()
                .migrate();
        try (var connection = DriverManager.getConnection(settings.url(), settings.user(), settings.password())) {
            insert(connection, "plain", DETAILS.formatted("INTERACTIVE", "SINGLE_NODE", "null", "null"), 1);
            var late = "\"2026-01-02T03:04:05Z\"";
            insert(connection, "marked", DETAILS.formatted("BATCH", "MULTI_NODE", "\"a \\\"b\\\"\\n%\"", late), 3);
        }
        try (var database = Database.open(settings)) {
            var store = new JpaSessionStore(database);
            assertEquals(List.of("marked"), found(store, is(Field.TYPE, "BATCH")));
            assertEquals(List.of("plain"), found(store, is(Field.CLUSTER_MODE, "SINGLE_NODE")));
            assertEquals(List.of("marked"), found(store, is(Field.CLUSTER_SIZE, 3L)));
            assertEquals(List.of("marked"), found(store, is(Field.TAG, "a \"b\"\n%")));
            assertEquals(List.of("plain"), found(store, new Condition.IsNull<>(Field.STARTS_AT)));
        }
    }

    private static Condition<Field> is(Field field, Object value) {
        return new Condition.Test<>(field, Comparison.EQUAL, value);
    }

    private static List<String> found(JpaSessionStore store, Condition<Field> filter) {
        var query = new SessionQuery(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Set.of(),
                Optional.of(filter),
                List.of(),
                Optional.empty(),
                0,
                10);
        return store.list(query).items().stream().map(session -> session.name()).toList();
    }

    private static void insert(Connection connection, String name, String details, int kernels) throws SQLException {
        var session = UUID.randomUUID();
        execute(
                connection,
                "INSERT INTO sessions (id, name, owner_key, user_id, domain, project_id, resource_group, priority,"
                        + " details, status, status_info, status_changed_at, result, num_queries, created_at)"
                        + " VALUES (?, ?, 'AKIA', ?, 'default', ?, 'default', 10, ?, 'TERMINATED', '', 1, 'UNDEFINED', 0, 1)",
                session,
                name,
                UUID.randomUUID(),
                UUID.randomUUID(),
                details);
        for (var place = 0; place < kernels; place++) {
            execute(
                    connection,
                    "INSERT INTO kernels (id, session_id, place, image, architecture, cluster_role, cluster_index,"
                            + " request, container_id, service_ports, status, status_info, status_changed_at, created_at)"
                            + " VALUES (?, ?, ?, 'local/python:3', 'x86_64', 'main', 1, '{}', '', '[]', 'TERMINATED', '', 1, 1)",
                    UUID.randomUUID(),
                    session,
                    place);
        }
    }

    private static void execute(Connection connection, String sql, Object... values) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            for (var i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }
}
