package io.slipway.manager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.lib.http.HttpMethod;
import io.slipway.model.session.SessionStatus;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each route as a client sees it that does something wrong. Nothing may change by any of it. */
@Timeout(60)
class BadInputTest {

    private static final String CREATE = "\"name\":\"sess0001\",\"image\":\"python\",\"enqueueOnly\":true";

    /** To each route what is wrong about a call of it, as {@code target body -> answer}. */
    private static final Map<String, List<String>> WRONG = new TreeMap<>(Map.of(
            "POST /session",
            List.of(
                    "/session {} -> 400 invalid-api-params image,name",
                    "/session {\"name\":1,\"image\":\"python\"} -> 400 invalid-api-params name",
                    "/session {\"name\":null,\"image\":[]} -> 400 invalid-api-params image,name",
                    "/session {\"name\":\"sess0001\",\"image\":\"missing\"} -> 404 object-not-found",
                    "/session {" + CREATE + ",\"type\":\"holiday\"} -> 400 invalid-api-params type",
                    "/session {" + CREATE + ",\"type\":\"batch\"} -> 400 invalid-api-params startupCommand",
                    "/session {" + CREATE + ",\"bootstrap_script\":\"=x=\"} -> 400 invalid-api-params bootstrap_script",
                    "/session {" + CREATE + ",\"batch_timeout\":\"soon\"} -> 400 invalid-api-params batch_timeout",
                    "/session {" + CREATE + ",\"priority\":101} -> 400 invalid-api-params priority",
                    "/session {" + CREATE + ",\"clusterSize\":1.5} -> 400 invalid-api-params clusterSize",
                    "/session {" + CREATE + ",\"clusterSize\":0} -> 400 invalid-api-params clusterSize",
                    "/session {" + CREATE + ",\"clusterMode\":\"odd\"} -> 400 invalid-api-params clusterMode",
                    "/session {" + CREATE + ",\"maxWaitSeconds\":-1} -> 400 invalid-api-params maxWaitSeconds",
                    "/session {" + CREATE + ",\"enqueueOnly\":\"perhaps\"} -> 400 invalid-api-params enqueueOnly",
                    "/session {" + CREATE + ",\"config\":[]} -> 400 invalid-api-params config",
                    "/session {" + CREATE
                            + ",\"config\":{\"environ\":{\"A\":{}}}} -> 400 invalid-api-params config.environ.A",
                    "/session {" + CREATE
                            + ",\"config\":{\"agent_list\":[1]}} -> 400 invalid-api-params config.agent_list",
                    "/session {" + CREATE
                            + ",\"config\":{\"mounts\":[\"data\"]}} -> 400 invalid-api-params config.mounts",
                    "/session {" + CREATE + ",\"callback_url\":\"http://a/\"} -> 400 invalid-api-params callback_url",
                    "/session {" + CREATE + ",\"tag\":\"\\u0000\"} -> 400 invalid-api-params tag",
                    "/session {" + CREATE + ",\"group\":\"a\\u0000b\"} -> 400 invalid-api-params group",
                    "/session {\"name\":\"sess0001\",\"image\":\"\\u0000\"} -> 400 invalid-api-params image",
                    "/session {" + CREATE
                            + ",\"config\":{\"environ\":{\"A\":\"\\u0000\"}}} -> 400 invalid-api-params config.environ.A",
                    "/session {" + CREATE
                            + ",\"config\":{\"environ\":{\"\\u0000\":1}}} -> 400 invalid-api-params config.environ.\0",
                    "/session {" + CREATE
                            + ",\"config\":{\"agent_list\":[\"\\u0000\"]}} -> 400 invalid-api-params config.agent_list",
                    "/session {" + CREATE + ",\"dependencies\":\"a\"} -> 400 invalid-api-params dependencies",
                    "/session {" + CREATE
                            + ",\"owner_access_key\":\"nobody\"} -> 400 invalid-api-params owner_access_key",
                    "/session {\"name\":\"a\", -> 400 invalid-api-params ",
                    "/session [] -> 400 invalid-api-params ",
                    "/session {}{} -> 400 invalid-api-params ",
                    "/session null -> 400 invalid-api-params "),
            "POST /session/_/create",
            List.of("/session/_/create {} -> 400 invalid-api-params image,name"),
            "GET /session/_/match",
            List.of("/session/_/match  -> 400 invalid-api-params id"),
            "GET /session/{session}",
            List.of(
                    "/session/nobody  -> 404 object-not-found",
                    "/session/runs0001?owner_access_key=nobody  -> 400 invalid-api-params owner_access_key"),
            "DELETE /session/{session}",
            List.of(
                    "/session/nobody  -> 404 object-not-found",
                    "/session/runs0001?forced=perhaps  -> 400 invalid-api-params forced",
                    "/session/runs0001?recursive=2  -> 400 invalid-api-params recursive"),
            "GET /session/{session}/logs",
            List.of(
                    "/session/nobody/logs  -> 404 object-not-found",
                    "/session/runs0001/logs?kernel_id=1-1-1-1-1  -> 400 invalid-api-params kernel_id",
                    "/session/runs0001/logs {\"kernel_id\":1} -> 400 invalid-api-params kernel_id"),
            "POST /session/{session}/rename",
            List.of(
                    "/session/nobody/rename?name=renamed1  -> 404 object-not-found",
                    "/session/runs0001/rename  -> 400 invalid-api-params name",
                    "/session/waits001/rename?name=renamed1  -> 400 generic-bad-request",
                    "/session/runs0001/rename?name=" + "n".repeat(65) + "  -> 400 invalid-api-params name"),
            "POST /session/{session}",
            List.of(
                    "/session/runs0001 {} -> 400 invalid-api-params mode,runId",
                    "/session/runs0001 {\"runId\":null,\"mode\":\"sing\"} -> 400 invalid-api-params mode",
                    "/session/runs0001 {\"runId\":5,\"mode\":\"query\"} -> 400 invalid-api-params runId",
                    "/session/runs0001 {\"runId\":\"../x\",\"mode\":\"query\"} -> 400 invalid-api-params runId",
                    "/session/runs0001 {\"runId\":null,\"mode\":\"continue\"} -> 400 invalid-api-params runId",
                    "/session/runs0001 {\"runId\":null,\"mode\":\"input\",\"code\":\"x\"} -> 400 invalid-api-params runId",
                    "/session/runs0001 {\"runId\":null,\"mode\":\"query\",\"code\":1} -> 400 invalid-api-params code",
                    "/session/runs0001 {\"runId\":null,\"mode\":\"batch\",\"options\":[]} -> 400 invalid-api-params options",
                    "/session/runs0001 {\"runId\":null,\"mode\":\"batch\",\"options\":{\"exec\":5}}"
                            + " -> 400 invalid-api-params options.exec",
                    "/session/runs0001 {\"runId\":null,\"mode\":\"batch\",\"options\":{\"build\":\"a\\u0000b\"}}"
                            + " -> 400 invalid-api-params options.build",
                    "/session/runs0001 {\"runId\":null,\"mode\":\"complete\",\"options\":{\"row\":\"x\"}}"
                            + " -> 400 invalid-api-params options.row"),
            "POST /session/{session}/interrupt",
            List.of("/session/runs0001/interrupt?owner_access_key=nobody  -> 400 invalid-api-params owner_access_key"),
            "POST /session/{session}/complete",
            List.of("/session/runs0001/complete {\"code\":1} -> 400 invalid-api-params code")));

    private static final Map<String, List<String>> WRONG_ELSEWHERE = Map.of(
            "GET /auth", List.of("/auth  -> 400 invalid-api-params echo"),
            "POST /auth", List.of("/auth {\"echo\":1} -> 400 invalid-api-params echo"),
            "GET /auth/test", List.of("/auth/test  -> 400 invalid-api-params echo"),
            "POST /auth/test", List.of("/auth/test {\"echo\":null} -> 400 invalid-api-params echo"),
            "GET /auth/role", List.of("/auth/role?group=nobody  -> 404 object-not-found"),
            "GET /scaling-groups",
                    List.of(
                            "/scaling-groups  -> 400 invalid-api-params group",
                            "/scaling-groups?group=x  -> 404 object-not-found"),
            "POST /manager/announcement", List.of("/manager/announcement {} -> 401 auth-failed"),
            "POST /admin/gql",
                    List.of(
                            "/admin/gql {} -> 400 invalid-api-params query",
                            "/admin/gql {\"query\":\"{x}\",\"variables\":[]} -> 400 invalid-api-params variables"),
            "POST /admin/graphql", List.of("/admin/graphql  -> 400 invalid-api-params query"),
            "GET /stream/session/{session}/apps", List.of("/stream/session/nobody/apps  -> 404 object-not-found"));

    private static final Map<String, List<String>> WRONG_RESTARTS = Map.of(
            "GET /session/{session}/dependency-graph",
            List.of("/session/nobody/dependency-graph  -> 404 object-not-found"),
            "PATCH /session/{session}",
            List.of(
                    "/session/nobody  -> 404 object-not-found",
                    "/session/runs0001?owner_access_key=nobody  -> 400 invalid-api-params owner_access_key"));

    private static final Map<String, List<String>> WRONG_FILES_AND_EVENTS = Map.of(
            "PUT /manager/status",
            List.of("/manager/status {\"status\":\"frozen\"} -> 401 auth-failed"),
            "GET /metrics",
            List.of("/metrics  -> 401 auth-failed"),
            "GET /events/session",
            List.of(
                    "/events/session?sessionId=1  -> 400 invalid-api-params sessionId",
                    "/events/session?scope=all  -> 400 invalid-api-params scope",
                    "/events/session?sessionName=x&ownerAccessKey=nobody  -> 400 invalid-api-params owner_access_key"),
            "GET /events/background-task",
            List.of(
                    "/events/background-task  -> 400 invalid-api-params task_id",
                    "/events/background-task?task_id=../x  -> 400 invalid-api-params task_id"),
            "GET /session/{session}/files",
            List.of(
                    "/session/nobody/files  -> 404 object-not-found",
                    "/session/runs0001/files {\"path\":1} -> 400 invalid-api-params path",
                    "/session/runs0001/files {\"path\":\"../x\"} -> 400 invalid-api-params path",
                    "/session/runs0001/files?owner_access_key=nobody  -> 400 invalid-api-params owner_access_key"),
            "POST /session/{session}/upload",
            List.of("/session/runs0001/upload {} -> 400 invalid-api-params "),
            "POST /session/{session}/download",
            List.of(
                    "/session/runs0001/download {} -> 400 invalid-api-params files",
                    "/session/runs0001/download {\"files\":\"a\"} -> 400 invalid-api-params files",
                    "/session/runs0001/download {\"files\":[1]} -> 400 invalid-api-params files",
                    "/session/runs0001/download {\"files\":[\"../x\"]} -> 400 invalid-api-params path",
                    "/session/runs0001/download {\"files\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\"]}"
                            + " -> 400 invalid-api-params files"),
            "POST /session/{session}/download_single",
            List.of(
                    "/session/runs0001/download_single {} -> 400 invalid-api-params file",
                    "/session/runs0001/download_single {\"file\":\"/../x\"} -> 400 invalid-api-params path"),
            "GET /session/{session}/download",
            List.of("/session/runs0001/download  -> 400 deprecated"),
            "GET /session/{session}/download_single",
            List.of("/session/runs0001/download_single  -> 400 deprecated"));

    /** What superadmins do wrong is in PluginRoutesTest. */
    private static final Map<String, List<String>> WRONG_PLUGIN_LOOKS = Map.of(
            "GET /plugins", List.of("/plugins  -> 401 auth-failed"),
            "GET /plugins/_/history", List.of("/plugins/_/history  -> 401 auth-failed"),
            "GET /plugins/_/offers", List.of("/plugins/_/offers  -> 401 auth-failed"),
            "GET /plugins/{id}", List.of("/plugins/noop  -> 401 auth-failed"),
            "GET /plugins/{id}/contents", List.of("/plugins/noop/contents  -> 401 auth-failed"),
            "GET /plugins/{id}/explain", List.of("/plugins/noop/explain  -> 401 auth-failed"));

    private static final Map<String, List<String>> WRONG_PLUGIN_ORDERS = Map.of(
            "POST /plugins", List.of("/plugins {\"source\":\"noop\"} -> 401 auth-failed"),
            "POST /plugins/_/plan", List.of("/plugins/_/plan {\"source\":\"noop\"} -> 401 auth-failed"),
            "POST /plugins/_/upload", List.of("/plugins/_/upload x -> 401 auth-failed"),
            "POST /plugins/{id}/swap", List.of("/plugins/noop/swap {\"version\":\"1.0.0\"} -> 401 auth-failed"),
            "POST /plugins/{id}/rollback", List.of("/plugins/noop/rollback  -> 401 auth-failed"));

    private static final List<Map<String, List<String>>> TABLES = List.of(
            WRONG, WRONG_ELSEWHERE, WRONG_RESTARTS, WRONG_FILES_AND_EVENTS, WRONG_PLUGIN_LOOKS, WRONG_PLUGIN_ORDERS);

    private final GatewayUnderTest server = new GatewayUnderTest();

    @BeforeEach
    void fill() {
        server.sessions.put(Fakes.USER.principal(), "runs0001", SessionStatus.RUNNING);
        server.sessions.put(Fakes.USER.principal(), "waits001", SessionStatus.PENDING);
    }

    @AfterEach
    void stop() {
        assertEquals(0, server.sessions.changes.get(), "something was changed");
        assertTrue(server.config.pairs.isEmpty());
        server.close();
    }

    @Test
    void refusesEachMistakeWithItsWords() throws Exception {
        for (var table : TABLES) {
            for (var entry : table.entrySet()) {
                var method = entry.getKey().substring(0, entry.getKey().indexOf(' '));
                for (var example : entry.getValue()) {
                    var arrow = example.lastIndexOf(" -> ");
                    var blank = example.indexOf(' ');
                    var body = blank >= arrow
                            ? ""
                            : example.substring(blank + 1, arrow).strip();
                    var reply = server.call(Fakes.USER, method, example.substring(0, blank), body);
                    assertEquals(example.substring(arrow + 4), outcome(reply), method + " " + example);
                    assertTrue(reply.body().path("title").isTextual(), example);
                }
            }
        }
    }

    @Test
    void hasAMistakeForEachSignedRoute() {
        var signed = new TreeSet<String>();
        var tried = new TreeSet<String>();
        TABLES.forEach(table -> tried.addAll(table.keySet()));
        // tried by ExecuteSocketTest
        tried.add("GET /stream/session/{session}/execute");
        for (var route : server.gateway().routes().routes()) {
            if (route.access() != AccessRule.PUBLIC) {
                signed.add(route.method() + " " + route.path());
            }
        }
        assertEquals(signed, tried);
    }

    @Test
    void refusesUnsignedCallsOfEachSignedRoute() throws Exception {
        var key = new Fakes.TestKey(Fakes.USER.principal(), "another secret");
        for (var route : server.gateway().routes().routes()) {
            if (route.access() == AccessRule.PUBLIC) {
                continue;
            }
            var method = route.method().name();
            var target = route.path().replace("{session}", "runs0001").replace("{id}", "noop");
            var name = method + " " + target;
            assertEquals(
                    "400 invalid-auth-params",
                    server.send(server.request(method, target, "")).problem(),
                    name);
            var dated = server.request(method, target, "")
                    .header("Date", OffsetDateTime.now(ZoneOffset.UTC).toString());
            assertEquals("401 auth-failed", server.send(dated).problem(), name);
            assertEquals("401 auth-failed", server.call(key, method, target, "").problem(), name);
            var late = OffsetDateTime.now(ZoneOffset.UTC).minusMinutes(16);
            var expired = server.request(method, target, "")
                    .header("Content-Type", "text/plain")
                    .header("Date", late.toString())
                    .header("X-BackendAI-Version", "v8.20240915")
                    .header("Authorization", server.authorization(Fakes.USER, method, target, late, "text/plain"));
            var reply = server.send(expired);
            assertEquals("400 invalid-auth-params", reply.problem(), name);
            assertEquals("Date/time sync error", reply.body().path("msg").asText());
        }
    }

    @Test
    void answersUsersOnAdministrativeRoutesWith401() throws Exception {
        for (var route : server.gateway().routes().routes()) {
            if (route.access() == AccessRule.SUPERADMIN || route.access() == AccessRule.ADMIN) {
                var reply = server.call(
                        Fakes.USER, route.method().name(), route.path().replace("{id}", "noop"), "{}");
                assertEquals("401 auth-failed", reply.problem(), route.path());
            }
        }
        assertEquals(
                "400 invalid-api-params enabled",
                outcome(server.call(Fakes.SUPERADMIN, "POST", "/manager/announcement", "{\"message\":\"x\"}")));
        assertEquals(
                "400 invalid-api-params ",
                outcome(server.call(Fakes.SUPERADMIN, "POST", "/manager/announcement", "{\"enabled\":true}")));
    }

    @Test
    void refusesWrongMethodsOfEachRoute() throws Exception {
        var byPath = new TreeMap<String, List<String>>();
        for (var route : server.gateway().routes().routes()) {
            byPath.computeIfAbsent(route.path(), path -> new ArrayList<>())
                    .add(route.method().name());
        }
        for (var entry : byPath.entrySet()) {
            for (var method : List.of("GET", "POST", "PUT", "PATCH", "DELETE", "FROBNICATE")) {
                var target = entry.getKey().replace("{session}", "runs0001").replace("{id}", "noop");
                var alsoFits = target.startsWith("/session/_/") ? List.of() : entry.getValue();
                if (entry.getValue().contains(method) || !alsoFits.equals(entry.getValue())) {
                    continue;
                }
                var reply = server.send(server.request(method, target, ""));
                assertEquals("405 method-not-allowed", reply.problem(), method + " " + target);
                assertTrue(
                        reply.header("Allow")
                                .orElse("")
                                .contains(entry.getValue().getFirst()),
                        target);
            }
        }
        assertEquals(HttpMethod.values().length, 7);
    }

    @Test
    void knowsNoOtherPath() throws Exception {
        for (var target :
                List.of("/nothing", "/session/", "/session/x/y/z", "/v4/session", "//", "/session/..", "/auth/")) {
            var reply = server.send(server.request("GET", target, ""));
            assertEquals("404 url-not-found", reply.problem(), target);
            assertEquals(target, reply.body().path("data").asText());
        }
    }

    @Test
    void refusesVersionsThatItDoesNotSpeak() throws Exception {
        for (var header : List.of("X-BackendAI-Version", "X-Sorna-Version")) {
            for (var version : List.of("v9.20250722", "v2.20170315", "", "nonsense")) {
                var reply = server.send(server.request("GET", "/", "").header(header, version));
                assertEquals("400 generic-bad-request", reply.problem(), version);
                assertEquals(
                        "Unsupported API version.", reply.body().path("msg").asText());
            }
        }
        assertEquals(
                200,
                server.send(server.request("GET", "/", "").header("X-BackendAI-Version", "v4.20190615"))
                        .status());
    }

    @Test
    void refusesLargeBodies() throws Exception {
        var reply = server.call(Fakes.USER, "POST", "/session", "{\"name\":\"" + "x".repeat(70_000) + "\"}");
        assertEquals(413, reply.status());
        assertEquals("generic-bad-request", reply.type());
    }

    @Test
    void refusesYamlAndDeepNests() throws Exception {
        var yaml = server.request("POST", "/auth", "echo: x").header("Content-Type", "text/yaml");
        var date = OffsetDateTime.now(ZoneOffset.UTC);
        yaml.header("Date", date.toString())
                .header("X-BackendAI-Version", "v8.20240915")
                .header("Authorization", server.authorization(Fakes.USER, "POST", "/auth", date, "text/yaml"));
        assertEquals("400 not-implemented", server.send(yaml).problem());
        var deep = "{\"echo\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}";
        assertEquals(
                "400 invalid-api-params",
                server.call(Fakes.USER, "POST", "/auth", deep).problem());
        var number = "{\"clusterSize\":1e999999999," + CREATE + "}";
        assertEquals(
                "400 invalid-api-params",
                server.call(Fakes.USER, "POST", "/session", number).problem());
    }

    @Test
    void refusesMalformedEncodings() throws Exception {
        for (var example : List.of("/session/_/match?id=%zz 400", "/session/%zz 400", "/session/runs0001?a=%ff 400")) {
            var blank = example.indexOf(' ');
            var answer = server.raw(Fakes.USER, example.substring(0, blank));
            assertTrue(answer.startsWith("HTTP/1.1" + example.substring(blank)), answer);
            assertTrue(answer.contains("application/problem+json"), answer);
        }
    }

    @Test
    void leaksNoSecretInAnyRefusal() throws Exception {
        var key = new Fakes.TestKey(Fakes.USER.principal(), "another secret");
        var reply = server.call(key, "GET", "/auth/role", "");
        assertFalse(reply.raw().body().contains(Fakes.USER.text()));
        assertFalse(reply.raw().body().contains("at io.slipway"));
    }

    private static String outcome(GatewayUnderTest.Reply reply) {
        if (!reply.type().equals("invalid-api-params")) {
            return reply.problem();
        }
        var fields = new TreeSet<String>();
        reply.body().path("data").fieldNames().forEachRemaining(fields::add);
        return reply.problem() + " " + String.join(",", fields);
    }
}
