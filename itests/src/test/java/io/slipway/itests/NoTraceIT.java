package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A server that got nothing but bad input has the same rows in its database as before. */
class NoTraceIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String LONG = "n".repeat(300);

    /** In place of a method: a GET that asks for a WebSocket. */
    private static final String SOCKET = "SOCKET";

    /** Of the routes of the main job: method, target and body; {@code SESSION} is somebody else's session. */
    private static final List<Bad> CALLS = List.of(
            refused("400 invalid-api-params", "POST", "/session", "{\"name\":\"noimage1\"}"),
            refused("400 invalid-api-params", "POST", "/session", "{\"name\":\"abc\",\"image\":\"python\"}"),
            refused("400 invalid-api-params", "POST", "/session", "{\"name\":\"" + LONG + "\",\"image\":\"python\"}"),
            refused("400 invalid-api-params", "POST", "/session", "{\"name\":\"wrongtyp\",\"image\":7}"),
            refused(
                    "400 invalid-api-params",
                    "POST",
                    "/session",
                    "{\"name\":\"wrongtyp\",\"image\":\"python\",\"clusterSize\":0}"),
            refused("404 object-not-found", "POST", "/session", "{\"name\":\"unknown1\",\"image\":\"nosuchimage\"}"),
            refused(
                    "404 object-not-found",
                    "POST",
                    "/session",
                    "{\"name\":\"unknown1\",\"image\":\"python\",\"group\":\"nosuch\"}"),
            refused(
                    "400 invalid-api-params",
                    "POST",
                    "/session",
                    "{\"name\":\"unknown1\",\"image\":\"python\",\"config\":{\"resources\":{\"unicorn\":\"1\"}}}"),
            refused("400 invalid-api-params", "POST", "/session", "{not json"),
            refused("400 invalid-api-params", "POST", "/session", "[]"),
            refused("405 method-not-allowed", "PUT", "/session", ""),
            refused("404 object-not-found", "GET", "/session/SESSION", ""),
            refused("404 object-not-found", "GET", "/session/" + LONG, ""),
            refused("404 object-not-found", "DELETE", "/session/SESSION", ""),
            refused("404 object-not-found", "DELETE", "/session/SESSION?forced=true", ""),
            refused("400 invalid-api-params", "DELETE", "/session/SESSION?forced=perhaps", ""),
            refused("404 object-not-found", "GET", "/session/SESSION/logs", ""),
            refused("404 object-not-found", "POST", "/session/SESSION/rename?name=stolen01", ""),
            refused("400 invalid-api-params", "POST", "/session/SESSION/rename", ""),
            refused("404 object-not-found", "POST", "/session/SESSION/interrupt", ""),
            refused("404 object-not-found", "POST", "/session/SESSION/complete", "{\"code\":\"1\",\"options\":{}}"),
            refused("400 invalid-api-params", "POST", "/session/SESSION/complete", "{oops"),
            refused(
                    "404 object-not-found",
                    "POST",
                    "/session/SESSION",
                    "{\"runId\":\"r1\",\"mode\":\"query\",\"code\":\"1\"}"),
            refused(
                    "400 invalid-api-params",
                    "POST",
                    "/session/SESSION",
                    "{\"runId\":\"r1\",\"mode\":\"dance\",\"code\":\"1\"}"),
            refused("400 invalid-api-params", "POST", "/session/SESSION", "{\"runId\":1,\"mode\":[],\"code\":{}}"),
            refused("400 invalid-api-params", "GET", "/session/_/match", ""),
            refused("405 method-not-allowed", "DELETE", "/auth", ""),
            refused("400 invalid-api-params", "GET", "/auth/test", ""),
            refused("400 invalid-api-params", "POST", "/auth/test", "{\"echo\":null}"),
            refused("405 method-not-allowed", "DELETE", "/auth/test", ""),
            refused("405 method-not-allowed", "PATCH", "/manager/announcement", ""),
            refused("401 auth-failed", "POST", "/manager/announcement", "{\"enabled\":true,\"message\":\"mine\"}"),
            refused("405 method-not-allowed", "POST", "/config/resource-slots", ""),
            refused("404 url-not-found", "GET", "/config/resource-slots/cpu", ""),
            refused("405 method-not-allowed", "DELETE", "/admin/gql", ""),
            refused("400 invalid-api-params", "POST", "/admin/gql", "{oops"),
            refused("400 invalid-api-params", "POST", "/admin/gql", "{\"query\":7}"),
            refused("200 errors", "POST", "/admin/gql", graphQl("filter: \\\"name = 1\\\"")),
            refused("200 errors", "POST", "/admin/gql", graphQl("filter: \\\"name == \\u0663\\\"")),
            refused("200 errors", "POST", "/admin/gql", graphQl("order: \\\"name;drop\\\"")),
            refused("200 errors", "POST", "/admin/gql", graphQl("status: \\\"NOSUCH\\\"")),
            refused("200 errors", "POST", "/admin/gql", graphQl("after: 7")),
            refused("200 errors", "POST", "/admin/gql", graphQl("nosuch: 7")),
            refused(
                    "200 errors",
                    "POST",
                    "/admin/gql",
                    "{\"query\":\"query($x: Int!) { keypair { id } }\",\"variables\":{}}"),
            refused("404 object-not-found", "GET", "/auth/role?group=nosuch", ""),
            refused("400 invalid-api-params", "GET", "/scaling-groups", ""),
            refused("404 object-not-found", "GET", "/scaling-groups?group=nosuch", ""),
            refused("404 object-not-found", "PATCH", "/session/SESSION", ""),
            refused("404 object-not-found", "GET", "/session/SESSION/dependency-graph", ""),
            refused("404 object-not-found", "GET", "/session/SESSION/files", ""),
            refused("404 object-not-found", "POST", "/session/SESSION/upload", "{}"),
            refused("400 deprecated", "GET", "/session/SESSION/download", ""),
            refused("404 object-not-found", "POST", "/session/SESSION/download", "{\"files\":[\"a\"]}"),
            refused("404 object-not-found", "POST", "/session/SESSION/download_single", "{\"file\":\"a\"}"),
            refused("400 generic-bad-request", "GET", "/stream/session/SESSION/execute", ""),
            refused("404 object-not-found", SOCKET, "/stream/session/SESSION/execute", ""),
            refused("404 object-not-found", SOCKET, "/stream/session/nosuch01/execute", ""),
            refused("404 object-not-found", "GET", "/stream/session/SESSION/apps", ""),
            refused("404 object-not-found", "GET", "/events/session?sessionId=SESSION", ""),
            refused("400 invalid-api-params", "GET", "/events/session?scope=nosuch", ""),
            refused("404 object-not-found", "GET", "/events/background-task?task_id=SESSION", ""),
            refused("404 url-not-found", "GET", "/nowhere", ""));

    /**
     * A call that changes nothing.
     *
     * @param expected status and last part of the problem's type; {@code 200 errors} where GraphQL says no in the body
     */
    private record Bad(String expected, String method, String target, String body) {

        /** Such a refusal comes before anybody looks who signed. */
        String expectedOtherwise(String refusal) {
            return expected.endsWith("url-not-found") || expected.endsWith("method-not-allowed") ? expected : refusal;
        }
    }

    private static Bad refused(String expected, String method, String target, String body) {
        return new Bad(expected, method, target, body);
    }

    private static String graphQl(String arguments) {
        return "{\"query\":\"{ compute_session_list(limit: 1, offset: 0, " + arguments + ") { total_count } }\"}";
    }

    @Test
    void badInputChangesNothingInTheDatabase() {
        try (var installation = Installation.start()) {
            var waiting = waiting(new Api(SignedHttp.admin(installation)));
            down(installation);
            var before = DatabaseDump.of(installation.home());
            assertTrue(before.stream().anyMatch(row -> row.startsWith("SESSIONS ") && row.contains(waiting)));
            installation.up();

            var answers = new ArrayList<String>();
            CALLS.forEach(call -> send(installation, call, waiting, answers));

            down(installation);
            assertEquals(List.of(), answers, "answered otherwise than documented");
            assertEquals(String.join("\n", before), String.join("\n", DatabaseDump.of(installation.home())));
            installation.up();
        }
    }

    /** A session that can never start, so that it stays as it is. */
    private static String waiting(Api admin) {
        var body = Api.creation("toobig01", true).replace("\"cpu\":\"1\"", "\"cpu\":\"4000\"");
        var id = Api.json(admin.send("POST", "/session", body).body())
                .path("sessionId")
                .asText();
        // the scheduler has looked at it and said why
        var query = "{ compute_session(id: \"" + id + "\") { status_info } }";
        Await.until(LIMIT, () -> admin.graphQl(query).toString(), text -> text.contains("4000"));
        return id;
    }

    /** Signed by another user, by a key that is not, too long ago, and not at all. */
    private static void send(Installation installation, Bad call, String session, List<String> wrong) {
        var environment = installation.clientEnvironment();
        var endpoint = URI.create(environment.get("BACKEND_ENDPOINT"));
        var key = environment.get("USER_BACKEND_ACCESS_KEY");
        var meant = new Bad(call.expected(), call.method(), call.target().replace("SESSION", session), call.body());
        var user = SignedHttp.user(installation);
        var stranger = new SignedHttp(endpoint, key, "wrong-secret");
        var unsigned = call.expectedOtherwise("401 auth-failed");
        var now = OffsetDateTime.now(ZoneOffset.UTC);
        note(answer(user, meant, now), meant, call.expected(), wrong);
        note(answer(stranger, meant, now), meant, unsigned, wrong);
        note(answer(user, meant, now.minusHours(1)), meant, call.expectedOtherwise("400 invalid-auth-params"), wrong);
        note(answer(user, meant, null), meant, unsigned, wrong);
    }

    /** Signed for a moment, or not at all. */
    private static HttpResponse<?> answer(SignedHttp http, Bad call, @Nullable OffsetDateTime date) {
        if (call.method().equals(SOCKET)) {
            return http.refusedSocket(call.target(), date);
        }
        return date == null
                ? http.sendUnsigned(call.method(), call.target())
                : http.send(call.method(), call.target(), call.body().isEmpty() ? null : call.body(), date);
    }

    private static void note(HttpResponse<?> response, Bad call, String expected, List<String> wrong) {
        var body = Api.json(String.valueOf(response.body()));
        var type = body.path("type").asText().replaceAll(".*/", "");
        var answer = response.statusCode() + " " + (body.has("errors") ? "errors" : type);
        if (!answer.equals(expected)) {
            wrong.add(call + " is answered " + answer + " instead of " + expected + ": " + response.body());
        }
    }

    private static void down(Installation installation) {
        installation
                .launcher(LIMIT, "down", "--home", installation.home().toString())
                .succeeded();
    }
}
