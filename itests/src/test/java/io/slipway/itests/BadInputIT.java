package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad input gets the documented status and problem type, and changes nothing. */
class BadInputIT {

    private static final String PROBLEMS = "https://api.backend.ai/probs/";

    private static Installation installation;
    private static Api user;
    private static Api admin;

    @BeforeAll
    static void start() {
        installation = Installation.start();
        user = new Api(SignedHttp.user(installation));
        admin = new Api(SignedHttp.admin(installation));
    }

    @AfterAll
    static void stop() {
        assertEquals(0, sessions(), "bad input left sessions behind");
        installation.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"image\":\"python\"}",
                "{\"name\":\"noimage1\"}",
                "{\"name\":\"abc\",\"image\":\"python\"}",
                "{\"name\":\"-leading\",\"image\":\"python\"}",
                "{\"name\":\"wrong type\",\"image\":\"python\"}",
                "{\"name\":\"wrongtyp\",\"image\":\"python\",\"priority\":\"high\"}",
                "{\"name\":\"wrongtyp\",\"image\":\"python\",\"priority\":1000}",
                "{\"name\":\"wrongtyp\",\"image\":\"python\",\"clusterSize\":0}",
                "{\"name\":\"wrongtyp\",\"image\":\"python\",\"type\":\"nonsense\"}",
                "{\"name\":\"wrongtyp\",\"image\":\"python\",\"config\":[]}",
                "{\"name\":\"wrongtyp\",\"image\":\"python\",\"config\":{\"resources\":{\"mem\":\"lots\"}}}",
                "{\"name\":\"wrongtyp\",\"image\":\"python\",\"config\":{\"resources\":{\"unicorn\":\"1\"}}}",
                "{\"name\":\"wrongtyp\",\"image\":\"python\",\"config\":{\"resources\":{\"cpu\":\"-1\"}}}",
                "{not json",
            })
    void refusesBadCreations(String body) {
        problem(user, "POST", "/session", body, 400, "invalid-api-params");
    }

    @Test
    void refusesOverlongNames() {
        problem(user, "POST", "/session", Api.creation("n".repeat(65), true), 400, "invalid-api-params");
    }

    @Test
    void namesWhatIsUnknown() {
        var image = Api.creation("unknown1", true).replace("\"python\"", "\"nosuchimage\"");
        problem(user, "POST", "/session", image, 404, "object-not-found");
        var project = Api.creation("unknown1", true).replace("{\"", "{\"group\":\"nosuch\",\"");
        problem(user, "POST", "/session", project, 404, "object-not-found");
    }

    @Test
    void findsNoUnknownSession() {
        findsNone("nosuch01");
    }

    /** Every route of the main job that names a session, by a user who has none of that name or id. */
    private static void findsNone(String session) {
        var path = "/session/" + session;
        var execute = Api.text(Map.of("runId", "r1", "mode", "query", "code", "1"));
        var complete = Api.text(Map.of("code", "1", "options", Map.of()));
        assertAll(List.<Executable>of(
                () -> problem(user, "GET", path, null, 404, "object-not-found"),
                () -> problem(user, "DELETE", path, null, 404, "object-not-found"),
                () -> problem(user, "DELETE", path + "?forced=true", null, 404, "object-not-found"),
                () -> problem(user, "PATCH", path, null, 404, "object-not-found"),
                () -> problem(user, "GET", path + "/logs", null, 404, "object-not-found"),
                () -> problem(user, "POST", path + "/rename?name=stolen01", null, 404, "object-not-found"),
                () -> problem(user, "POST", path + "/interrupt", null, 404, "object-not-found"),
                () -> problem(user, "POST", path + "/complete", complete, 404, "object-not-found"),
                () -> problem(user, "POST", path, execute, 404, "object-not-found"),
                () -> refusesToStream(session),
                () -> {
                    var found = user.send("GET", "/session/_/match?id=" + session, null);
                    assertEquals(200, found.statusCode(), found::body);
                    assertEquals(Api.json("[]"), Api.json(found.body()).path("matches"));
                }));
    }

    private static void refusesToStream(String session) {
        var http = SignedHttp.user(installation);
        var target = "/stream/session/" + session + "/execute";
        var failure = assertThrows(CompletionException.class, () -> http.socket(target, new WebSocket.Listener() {}));
        var refusal = assertInstanceOf(WebSocketHandshakeException.class, failure.getCause());
        assertEquals(404, refusal.getResponse().statusCode());
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /session",
        "DELETE, /auth",
        "PATCH, /manager/announcement",
        "POST, /config/resource-slots",
        "DELETE, /admin/gql",
    })
    void refusesWrongMethods(String method, String target) {
        problem(user, method, target, null, 405, "method-not-allowed");
    }

    @Test
    void knowsNoOtherPath() {
        problem(user, "GET", "/nowhere", null, 404, "url-not-found");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /auth",
        "GET, /auth/role",
        "POST, /session",
        "GET, /session/any00001",
        "DELETE, /session/any00001",
        "POST, /session/any00001",
        "GET, /session/_/match?id=any00001",
        "GET, /session/any00001/logs",
        "POST, /session/any00001/interrupt",
        "POST, /session/any00001/complete",
        "POST, /session/any00001/rename?name=other001",
        "GET, /scaling-groups?group=default",
        "POST, /admin/gql",
    })
    void refusesTheUnsigned(String method, String target) {
        var response = new SignedHttp(endpoint(), "none", "none").sendUnsigned(method, target);

        assertEquals(401, response.statusCode(), response::body);
        assertTrue(response.body().contains(PROBLEMS + "auth-failed"), response::body);
    }

    @Test
    void refusesExpiredDatesUnknownAndWrongKeys() {
        var environment = installation.clientEnvironment();
        var key = environment.get("USER_BACKEND_ACCESS_KEY");
        var good = new SignedHttp(endpoint(), key, environment.get("USER_BACKEND_SECRET_KEY"));

        var expired = good.send(
                "GET",
                "/auth",
                null,
                OffsetDateTime.now(java.time.ZoneOffset.UTC).minusMinutes(16));
        assertEquals(400, expired.statusCode(), expired::body);
        assertTrue(expired.body().contains("Date/time sync error"), expired::body);
        var wrong = new SignedHttp(endpoint(), key, "wrong-secret").send("GET", "/auth", null);
        assertEquals(401, wrong.statusCode(), wrong::body);
        assertTrue(wrong.body().contains("Signature mismatch"), wrong::body);
        var unknown = new SignedHttp(endpoint(), "AKIANOSUCHKEY", "any").send("GET", "/auth", null);
        assertEquals(401, unknown.statusCode(), unknown::body);
        assertTrue(unknown.body().contains("Access key not found"), unknown::body);
    }

    @Test
    void leavesAnothersSessionAlone() {
        var session = admin.create("admins01");
        try {
            findsNone(session);
            findsNone("admins01");
            problem(
                    user,
                    "DELETE",
                    "/session/" + session + "?owner_access_key="
                            + installation.clientEnvironment().get("BACKEND_ACCESS_KEY"),
                    null,
                    403,
                    "generic-forbidden");
            assertEquals("RUNNING", admin.status(session));
            var named = Api.json(
                    admin.send("GET", "/session/_/match?id=admins01", null).body());
            assertEquals(session, named.path("matches").path(0).path("id").asText(), "it has its name still");
        } finally {
            admin.destroy(session);
            Await.until(java.time.Duration.ofSeconds(30), () -> admin.status(session), "TERMINATED"::equals);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?forced=true"})
    void endsNothingThatHasEnded(String query) {
        var session = admin.create("ended001");
        admin.destroy(session);
        Await.until(java.time.Duration.ofSeconds(30), () -> admin.status(session), "TERMINATED"::equals);

        problem(admin, "DELETE", "/session/" + session + query, null, 403, "generic-forbidden");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"mode\":\"query\",\"code\":\"1\"}", "{\"runId\":null,\"mode\":\"dance\"}", "[]", "{oops"})
    void refusesBadExecutions(String body) {
        problem(user, "POST", "/session/any00001", body, 400, "invalid-api-params");
    }

    private static void problem(Api api, String method, String target, String body, int status, String type) {
        var response = api.send(method, target, body);
        assertEquals(status, response.statusCode(), () -> method + " " + target + " " + body + ": " + response.body());
        assertEquals(PROBLEMS + type, Api.json(response.body()).path("type").asText(), response::body);
        assertEquals(
                "application/problem+json",
                response.headers().firstValue("Content-Type").orElse("").replaceAll(";.*", ""));
    }

    private static int sessions() {
        return admin.graphQl(
                        "{ compute_session_list(limit: 1, offset: 0, status: \"PENDING,SCHEDULED,PREPARING,PULLING,"
                                + "RUNNING,TERMINATING\") { total_count } }")
                .path("compute_session_list")
                .path("total_count")
                .asInt(-1);
    }

    private static URI endpoint() {
        return URI.create(installation.clientEnvironment().get("BACKEND_ENDPOINT"));
    }
}
