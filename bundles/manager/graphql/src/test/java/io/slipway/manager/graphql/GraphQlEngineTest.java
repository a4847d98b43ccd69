package io.slipway.manager.graphql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.graphql.ManagerFixture.Sessions;
import io.slipway.model.identity.Principal;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GraphQlEngineTest {

    private final Sessions sessions = new Sessions();
    private GraphQlEngine engine = ManagerFixture.engine(sessions);

    @Test
    void answersTheListQueryOfTheClient() {
        sessions.stored.add(ManagerFixture.session("mysess01", ManagerFixture.USER, SessionStatus.RUNNING));
        var query = "query($limit:Int!, $offset:Int!, $status: String, $filter: String, $order: String) {"
                + " compute_session_list(limit:$limit, offset:$offset, status:$status, filter:$filter, order:$order) {"
                + " items { name id status type image status_changed result occupying_slots } total_count } }";
        var variables = new HashMap<String, Object>();
        variables.put("limit", 10);
        variables.put("offset", 0);
        variables.put("status", "RUNNING,PREPARING");
        variables.put("order", "-created_at");

        var answer = engine.execute(ManagerFixture.USER, query, variables, null);

        assertFalse(answer.containsKey("errors"), answer::toString);
        var list = ManagerFixture.field(answer, "compute_session_list");
        assertEquals(1, list.get("total_count"));
        var item = ((List<?>) list.get("items")).getFirst();
        assertEquals("mysess01", ((Map<?, ?>) item).get("name"));
        assertEquals("RUNNING", ((Map<?, ?>) item).get("status"));
        assertEquals("{\"cpu\":\"0\",\"mem\":\"0\"}", ((Map<?, ?>) item).get("occupying_slots"));
        assertEquals("2026-01-02T03:04:05.000000+00:00", ((Map<?, ?>) item).get("status_changed"));
        assertEquals(
                Set.of(SessionStatus.RUNNING, SessionStatus.PREPARING, SessionStatus.CREATING),
                sessions.lastQuery().statuses());
    }

    @Test
    void scopesAUserToTheOwnKey() {
        engine.execute(
                ManagerFixture.USER, "{ compute_session_list(limit:1, offset:0) { total_count } }", Map.of(), null);

        assertEquals(
                Optional.of(ManagerFixture.USER.accessKey().value()),
                sessions.lastQuery().owner());
    }

    @Test
    void refusesAUserWhoAsksForAnothersSessions() {
        var error = onlyError(
                ManagerFixture.USER,
                "{ compute_session_list(limit:1, offset:0, access_key:\"OTHER\") { total_count } }");

        assertTrue(error.contains("your own"), error);
    }

    @Test
    void hidesAnothersSession() {
        var foreign = ManagerFixture.session("foreign01", ManagerFixture.ADMIN, SessionStatus.RUNNING);
        sessions.stored.add(foreign);
        var query = "{ compute_session(id: \"" + foreign.id() + "\") { name containers { id } dependencies { id } } }";

        assertEquals(
                Map.of("data", nullField("compute_session")),
                engine.execute(ManagerFixture.USER, query, Map.of(), null));
        assertEquals(
                "foreign01",
                ManagerFixture.field(engine.execute(ManagerFixture.ADMIN, query, Map.of(), null), "compute_session")
                        .get("name"));
    }

    @Test
    void refusesAgentsToUsers() {
        var error = onlyError(ManagerFixture.USER, "{ agent_list(limit:1, offset:0) { total_count } }");

        assertTrue(error.contains("superadmin"), error);
    }

    @Test
    void refusesBadArgumentsInWords() {
        assertTrue(onlyError(ManagerFixture.ADMIN, "{ compute_session_list(limit:101, offset:0) { total_count } }")
                .contains("1 to 100"));
        assertTrue(onlyError(ManagerFixture.ADMIN, "{ compute_session_list(limit:1, offset:-1) { total_count } }")
                .contains("below 0"));
        assertTrue(onlyError(
                        ManagerFixture.ADMIN,
                        "{ compute_session_list(limit:1, offset:0, status:\"NOPE\") { total_count } }")
                .contains("NOPE"));
        assertTrue(onlyError(
                        ManagerFixture.ADMIN,
                        "{ compute_session_list(limit:1, offset:0, filter:\"name == a\") { total_count } }")
                .contains("(position 9)"));
        assertTrue(onlyError(
                        ManagerFixture.ADMIN,
                        "{ agent_list(limit:1, offset:0, filter:\"nothing == 1\") { total_count } }")
                .contains("(position 1)"));
        assertTrue(onlyError(ManagerFixture.ADMIN, "{ compute_session(id: \"nope\") { name } }")
                .contains("UUID"));
        assertTrue(onlyError(ManagerFixture.ADMIN, "{ nope }").contains("nope"));
    }

    @Test
    void beginsNothingWhileTheManagerIsFrozen() {
        engine = ManagerFixture.engine(sessions, Map.of("manager/status", "frozen"));
        assertTrue(onlyError(ManagerFixture.ADMIN, "mutation { rescan_images { ok } }")
                .contains("frozen"));
        assertFalse(engine.execute(
                        ManagerFixture.USER,
                        "{ compute_session_list(limit:1, offset:0) { total_count } }",
                        Map.of(),
                        null)
                .containsKey("errors"));
    }

    @Test
    void startsRescansForSuperadmins() {
        var mutation = "mutation($registry: String) { rescan_images(registry: $registry) { ok msg task_id } }";
        var answer = engine.execute(ManagerFixture.ADMIN, mutation, Map.of(), null);
        var rescan = ManagerFixture.field(answer, "rescan_images");
        assertEquals(true, rescan.get("ok"));
        assertEquals("00000000-0000-0000-0000-000000000007", rescan.get("task_id"));
        assertTrue(onlyError(ManagerFixture.USER, "mutation { rescan_images { ok } }")
                .contains("superadmin"));
    }

    @Test
    void refusesEndlessNesting() {
        var deep = "dependencies { ".repeat(30) + "id" + " }".repeat(30);
        var error = onlyError(
                ManagerFixture.ADMIN, "{ compute_session_list(limit:1, offset:0) { items { " + deep + " } } }");

        assertTrue(error.contains("depth"), error);
    }

    @Test
    void fetchesTheDependenciesOfAllSessionsOfALevelAtOnce() {
        var first = ManagerFixture.session("first001", ManagerFixture.USER, SessionStatus.TERMINATED);
        var hidden = ManagerFixture.session("hidden01", ManagerFixture.ADMIN, SessionStatus.TERMINATED);
        var second =
                ManagerFixture.session("second01", ManagerFixture.USER, SessionStatus.PENDING, List.of(first.id()));
        var third = ManagerFixture.session(
                "third001", ManagerFixture.USER, SessionStatus.PENDING, List.of(second.id(), hidden.id(), first.id()));
        sessions.stored.addAll(List.of(first, hidden, second, third));
        var query = "{ compute_session_list(limit:9, offset:0) { items { name"
                + " dependencies { name dependencies { name } } } } }";

        var answer = engine.execute(ManagerFixture.USER, query, Map.of(), null);

        assertFalse(answer.containsKey("errors"), answer::toString);
        var items =
                (List<?>) ManagerFixture.field(answer, "compute_session_list").get("items");
        assertEquals(
                "{name=third001, dependencies=[{name=second01, dependencies=[{name=first001}]},"
                        + " {name=first001, dependencies=[]}]}",
                items.getLast().toString());
        assertEquals(List.of(3), sessions.batches);
    }

    @Test
    void refusesARequestForMoreSessionsThanMemoryHolds() {
        var followed = new ArrayList<SessionId>();
        for (var i = 0; i < 100; i++) {
            var session = ManagerFixture.session(
                    "session" + i, ManagerFixture.USER, SessionStatus.PENDING, List.copyOf(followed));
            sessions.stored.add(session);
            followed.add(session.id());
        }
        var nested = "dependencies { ".repeat(3) + "id" + " }".repeat(3);

        var answer = engine.execute(
                ManagerFixture.USER,
                "{ compute_session_list(limit:100, offset:0) { items { name " + nested + " } } }",
                Map.of(),
                null);

        assertTrue(answer.get("errors").toString().contains("more than 1000 sessions"), answer::toString);
        assertTrue(sessions.batches.stream().mapToInt(size -> size).sum() <= 1_000, sessions.batches::toString);
        var list = "compute_session_list(limit:100, offset:0) { total_count } ";
        var lists = IntStream.range(0, 11).mapToObj(i -> "l" + i + ": " + list).collect(Collectors.joining());
        assertTrue(onlyError(ManagerFixture.USER, "{ " + lists + " }").contains("more than 1000 sessions"));
    }

    @Test
    void refusesDependenciesThatAreNestedTooDeep() {
        var followed = List.<SessionId>of();
        for (var i = 0; i < 8; i++) {
            var session = ManagerFixture.session("session" + i, ManagerFixture.USER, SessionStatus.PENDING, followed);
            sessions.stored.add(session);
            followed = List.of(session.id());
        }
        var nested = "dependencies { ".repeat(5) + "id" + " }".repeat(5);

        var error = onlyError(
                ManagerFixture.USER, "{ compute_session(id: \"" + followed.getFirst() + "\") { " + nested + " } }");

        assertTrue(error.contains("deeper than 4"), error);
    }

    @Test
    void listsNothingInAStateThatNoSessionIsEverIn() {
        sessions.stored.add(ManagerFixture.session("mysess01", ManagerFixture.USER, SessionStatus.RUNNING));
        for (var arguments :
                List.of("status: \"RUNNING_DEGRADED\"", "status: \" running_degraded , RUNNING_DEGRADED\"")) {
            var answer = engine.execute(
                    ManagerFixture.USER,
                    "{ compute_session_list(limit:9, offset:0, " + arguments + ") { items { name } total_count } }",
                    Map.of(),
                    null);
            assertEquals(
                    Map.of("items", List.of(), "total_count", 0), ManagerFixture.field(answer, "compute_session_list"));
        }
        engine.execute(
                ManagerFixture.USER,
                "{ compute_session_list(limit:9, offset:0, status: \"RUNNING_DEGRADED,RUNNING\","
                        + " filter: \"status != \\\"RUNNING_DEGRADED\\\"\") { total_count } }",
                Map.of(),
                null);
        assertEquals(Set.of(SessionStatus.RUNNING), sessions.lastQuery().statuses());
        assertTrue(sessions.lastQuery().filter().isPresent());
    }

    @Test
    void tellsTheProjectsOfTheKeypairsUserNotTheCallers() {
        var answer = engine.execute(
                ManagerFixture.ADMIN, "{ keypair(access_key: \"AKIAOTHER\") { user_id projects } }", Map.of(), null);

        assertEquals(
                Map.of("user_id", "other@example.org", "projects", List.of("of-the-other")),
                ManagerFixture.field(answer, "keypair"));
    }

    @Test
    void knowsTheFieldsThatClientsAskFor() {
        var session = ManagerFixture.session("mysess01", ManagerFixture.USER, SessionStatus.RUNNING);
        sessions.stored.add(session);
        var answer = engine.execute(
                ManagerFixture.ADMIN,
                "query($id: UUID!) { compute_session(id: $id) { status_history containers { image_object { id name } } }"
                        + " keypair { ssh_public_key vfolders { id } compute_sessions(status: \"RUNNING\") { name } }"
                        + " agent_list(limit: 1, offset: 0) { items { auto_terminate_abusing_kernel container_count"
                        + " gpu_slots tpu_slots used_gpu_slots used_tpu_slots } total_count } }",
                Map.of("id", session.id().toString()),
                null);

        assertFalse(answer.containsKey("errors"), answer::toString);
        var shown = ManagerFixture.field(answer, "compute_session");
        assertEquals("{\"PENDING\":\"2026-01-02T03:04:05Z\"}", shown.get("status_history"));
        assertEquals(
                List.of(Map.of("image_object", Map.of("id", "local/python:3", "name", "python"))),
                shown.get("containers"));
        var keypair = ManagerFixture.field(answer, "keypair");
        assertEquals(List.of(), keypair.get("vfolders"));
        assertEquals(List.of(Map.of("name", "mysess01")), keypair.get("compute_sessions"));
        assertEquals(Set.of(SessionStatus.RUNNING), sessions.lastQuery().statuses());
    }

    @Test
    void knowsNoKeypairThatNoneCanBe() {
        for (var key : List.of("", "  ", "A".repeat(41))) {
            assertEquals(
                    "there is no such keypair",
                    onlyError(ManagerFixture.ADMIN, "{ keypair(access_key: \"" + key + "\") { access_key } }"));
        }
    }

    @Test
    void refusesNulCharactersInArguments() {
        for (var field : List.of(
                "keypair(access_key: \"A\\u0000\") { access_key }",
                "compute_session_list(limit:1, offset:0, domain_name: \"\\u0000\") { total_count }",
                "images(image_filters: [\"a\", \"\\u0000\"]) { name }")) {
            var error = onlyError(ManagerFixture.ADMIN, "{ " + field + " }");
            assertTrue(error.contains("NUL"), error);
        }
        assertTrue(onlyError(ManagerFixture.ADMIN, "mutation { rescan_images(registry: \"\\u0000\") { ok } }")
                .contains("NUL"));
    }

    @Test
    void tellsTheOwnKeypairWithoutItsSecret() {
        var answer = engine.execute(
                ManagerFixture.USER,
                "{ keypair { access_key secret_key is_admin concurrency_used user_info { email } projects } }",
                Map.of(),
                null);

        var keypair = ManagerFixture.field(answer, "keypair");
        assertEquals(ManagerFixture.USER.accessKey().value(), keypair.get("access_key"));
        assertEquals(0, keypair.get("concurrency_used"));
        assertEquals(null, keypair.get("secret_key"));
        assertFalse(answer.toString().contains("sealed"), answer::toString);
    }

    private String onlyError(Principal caller, String query) {
        var errors = (List<?>) engine.execute(caller, query, Map.of(), null).get("errors");
        assertEquals(1, errors.size());
        return ((Map<?, ?>) errors.getFirst()).get("message").toString();
    }

    private static Map<String, Object> nullField(String name) {
        var data = new HashMap<String, Object>();
        data.put(name, null);
        return data;
    }

    @Test
    void tellsWhatIsStoredApartForAllRowsAtOnce() {
        for (var name : List.of("apart001", "apart002", "apart003")) {
            sessions.stored.add(ManagerFixture.session(name, ManagerFixture.USER, SessionStatus.RUNNING));
        }
        var answer = engine.execute(
                ManagerFixture.USER,
                "{ compute_session_list(limit:10, offset:0) { items { full_name status_history"
                        + " containers { agent_addr live_stat last_stat } } } }",
                Map.of(),
                null);

        assertFalse(answer.containsKey("errors"), answer::toString);
        var items =
                (List<?>) ManagerFixture.field(answer, "compute_session_list").get("items");
        assertEquals(List.of(3), sessions.batches, "one query for all histories");
        for (var item : items) {
            var session = (Map<?, ?>) item;
            assertEquals("A User", session.get("full_name"));
            assertEquals("{\"PENDING\":\"2026-01-02T03:04:05Z\"}", session.get("status_history"));
            var kernel = (Map<?, ?>) ((List<?>) session.get("containers")).getFirst();
            assertEquals("tcp://one", kernel.get("agent_addr"));
            var stat = String.valueOf(kernel.get("live_stat"));
            assertTrue(
                    stat.contains("\"cpu_util\":{\"current\":\"50.00\",\"capacity\":\"200\",\"pct\":\"25.00\"")
                            && stat.contains("\"stats.max\":\"2048\"")
                            && stat.contains("\"net_tx\":{\"current\":\"4\""),
                    stat);
            assertEquals(kernel.get("live_stat"), kernel.get("last_stat"));
        }
    }

    @Test
    void tellsTheKernelsOfAgents() {
        sessions.stored.add(ManagerFixture.session("placed01", ManagerFixture.USER, SessionStatus.RUNNING));
        sessions.stored.add(ManagerFixture.session("waits001", ManagerFixture.USER, SessionStatus.PENDING));
        var query = "{ agent_list(limit:10, offset:0) { items { status_changed"
                + " all: compute_containers { status } none: compute_containers(status: \"TERMINATING\") { status } } } }";

        var answer = engine.execute(ManagerFixture.ADMIN, query, Map.of(), null);

        assertFalse(answer.containsKey("errors"), answer::toString);
        var agent = (Map<?, ?>)
                ((List<?>) ManagerFixture.field(answer, "agent_list").get("items")).getFirst();
        assertEquals("2026-01-02T03:04:05.000000+00:00", agent.get("status_changed"));
        assertEquals(List.of(Map.of("status", "RUNNING")), agent.get("all"));
        assertEquals(List.of(), agent.get("none"));
        assertEquals(List.of(1), sessions.batches);
    }
}
