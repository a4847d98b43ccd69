package io.slipway.manager.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.store.SessionRecord;
import io.slipway.manager.store.TransitionResult;
import io.slipway.model.kernel.KernelStatus;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How many statements a write needs, as H2 counts them. */
class StatementCountTest {

    private static final String READS =
            "SELECT COALESCE(SUM(execution_count), 0) FROM information_schema.query_statistics"
                    + " WHERE UPPER(sql_statement) LIKE 'SELECT%' AND UPPER(sql_statement) NOT LIKE '%QUERY_STATISTICS%'";

    @Test
    void readsAsOftenForManySessionsAsForOne() {
        try (var database = DatabaseKind.H2_FILE.openNew()) {
            var tenant = Tenant.create(database);
            var ofOne = readsOfLives(database, tenant, 1);
            assertEquals(ofOne, readsOfLives(database, tenant, 8));
        }
    }

    /** Who has had many sessions waits no longer for the next one. */
    @Test
    void looksForALiveNameAmongLiveSessionsAlone() {
        try (var database = DatabaseKind.H2_FILE.openNew()) {
            var tenant = Tenant.create(database);
            var sessions = Stream.generate(tenant::admit).limit(300).toList();
            var last = sessions.getLast();
            moveAll(tenant, sessions.subList(0, sessions.size() - 1), KernelStatus.CANCELLED);
            var plan = database.transactions().writePlainly(number -> {}, connection -> {
                try (var statement = connection.prepareStatement("EXPLAIN ANALYZE " + LockedSessions.LIVE)) {
                    statement.setArray(1, connection.createArrayOf("varchar", new Object[] {tenant.owner.value()}));
                    statement.setArray(2, connection.createArrayOf("varchar", new Object[] {last.name()}));
                    return Rows.all(statement, row -> row.getString(1)).getFirst();
                }
            });
            var looked = Pattern.compile("scanCount: (\\d+)")
                    .matcher(plan)
                    .results()
                    .map(found -> Integer.parseInt(found.group(1)))
                    .toList();
            assertTrue(!looked.isEmpty() && looked.stream().allMatch(rows -> rows <= 3), plan);
        }
    }

    private static long readsOfLives(Database database, Tenant tenant, int count) {
        var sessions = Stream.generate(tenant::admit).limit(count).toList();
        run(database, "SET QUERY_STATISTICS_MAX_ENTRIES 1000");
        run(database, "SET QUERY_STATISTICS TRUE");
        tenant.scheduling.commit(
                tenant.name, 1, sessions.stream().map(tenant::placement).toList(), tenant.tick());
        var before = reads(database);
        var moved = sessions.stream().map(session -> tenant.find(session.id())).toList();
        var after = reads(database);
        for (var state : List.of(
                KernelStatus.PREPARING,
                KernelStatus.CREATING,
                KernelStatus.RUNNING,
                KernelStatus.TERMINATING,
                KernelStatus.TERMINATED)) {
            moved = moveAll(tenant, moved, state);
        }
        var all = reads(database) - (after - before);
        run(database, "SET QUERY_STATISTICS FALSE"); // forgets what was counted
        return all;
    }

    private static List<SessionRecord> moveAll(Tenant tenant, List<SessionRecord> sessions, KernelStatus to) {
        return tenant
                .sessions
                .applyAll(sessions.stream()
                        .map(session -> tenant.transition(session, to))
                        .toList())
                .stream()
                .map(TransitionResult.Applied.class::cast)
                .map(TransitionResult.Applied::session)
                .toList();
    }

    private static long reads(Database database) {
        return database.transactions()
                .readOnce(
                        entities -> ((Number) entities.createNativeQuery(READS).getSingleResult()).longValue());
    }

    private static void run(Database database, String statement) {
        database.transactions()
                .write(entities -> entities.createNativeQuery(statement).executeUpdate());
    }
}
