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
import org.junit.jupiter.api.Test;

/** A server that got nothing but bad input has the same rows in its database as before. */
class NoTraceIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String LONG = "n".repeat(300);

    /** Of the routes of the main job: method, target and body; {@code SESSION} is somebody else's session. */
    private static final List<List<String>> CALLS = List.of(
            List.of("POST", "/session", "{\"name\":\"noimage1\"}"),
            List.of("POST", "/session", "{\"name\":\"abc\",\"image\":\"python\"}"),
            List.of("POST", "/session", "{\"name\":\"" + LONG + "\",\"image\":\"python\"}"),
            List.of("POST", "/session", "{\"name\":\"wrongtyp\",\"image\":7}"),
            List.of("POST", "/session", "{\"name\":\"wrongtyp\",\"image\":\"python\",\"clusterSize\":0}"),
            List.of("POST", "/session", "{\"name\":\"unknown1\",\"image\":\"nosuchimage\"}"),
            List.of("POST", "/session", "{\"name\":\"unknown1\",\"image\":\"python\",\"group\":\"nosuch\"}"),
            List.of(
                    "POST",
                    "/session",
                    "{\"name\":\"unknown1\",\"image\":\"python\",\"config\":{\"resources\":{\"unicorn\":\"1\"}}}"),
            List.of("POST", "/session", "{not json"),
            List.of("POST", "/session", "[]"),
            List.of("PUT", "/session", ""),
            List.of("GET", "/session/SESSION", ""),
            List.of("GET", "/session/" + LONG, ""),
            List.of("DELETE", "/session/SESSION", ""),
            List.of("DELETE", "/session/SESSION?forced=true", ""),
            List.of("DELETE", "/session/SESSION?forced=perhaps", ""),
            List.of("GET", "/session/SESSION/logs", ""),
            List.of("POST", "/session/SESSION/rename?name=stolen01", ""),
            List.of("POST", "/session/SESSION/rename", ""),
            List.of("POST", "/session/SESSION/interrupt", ""),
            List.of("POST", "/session/SESSION/complete", "{\"code\":\"1\",\"options\":{}}"),
            List.of("POST", "/session/SESSION/complete", "{oops"),
            List.of("POST", "/session/SESSION", "{\"runId\":\"r1\",\"mode\":\"query\",\"code\":\"1\"}"),
            List.of("POST", "/session/SESSION", "{\"runId\":\"r1\",\"mode\":\"dance\",\"code\":\"1\"}"),
            List.of("POST", "/session/SESSION", "{\"runId\":1,\"mode\":[],\"code\":{}}"),
            List.of("GET", "/session/_/match", ""),
            List.of("DELETE", "/auth", ""),
            List.of("PATCH", "/manager/announcement", ""),
            List.of("POST", "/manager/announcement", "{\"enabled\":true,\"message\":\"mine\"}"),
            List.of("POST", "/config/resource-slots", ""),
            List.of("DELETE", "/admin/gql", ""),
            List.of("POST", "/admin/gql", "{oops"),
            List.of("POST", "/admin/gql", "{\"query\":7}"),
            List.of("POST", "/admin/gql", graphQl("filter: \\\"name = 1\\\"")),
            List.of("POST", "/admin/gql", graphQl("filter: \\\"name == \\u0663\\\"")),
            List.of("POST", "/admin/gql", graphQl("order: \\\"name;drop\\\"")),
            List.of("POST", "/admin/gql", graphQl("status: \\\"NOSUCH\\\"")),
            List.of("POST", "/admin/gql", graphQl("after: 7")),
            List.of("POST", "/admin/gql", graphQl("nosuch: 7")),
            List.of("POST", "/admin/gql", "{\"query\":\"query($x: Int!) { keypair { id } }\",\"variables\":{}}"),
            List.of("GET", "/auth/role?group=nosuch", ""),
            List.of("GET", "/scaling-groups", ""),
            List.of("GET", "/scaling-groups?group=nosuch", ""),
            List.of("PATCH", "/session/SESSION", ""),
            List.of("GET", "/session/SESSION/dependency-graph", ""),
            List.of("GET", "/session/SESSION/files", ""),
            List.of("POST", "/session/SESSION/upload", "{}"),
            List.of("GET", "/session/SESSION/download", ""),
            List.of("POST", "/session/SESSION/download", "{\"files\":[\"a\"]}"),
            List.of("POST", "/session/SESSION/download_single", "{\"file\":\"a\"}"),
            List.of("GET", "/stream/session/SESSION/execute", ""),
            List.of("GET", "/stream/session/SESSION/apps", ""),
            List.of("GET", "/events/session?sessionId=SESSION", ""),
            List.of("GET", "/events/session?scope=nosuch", ""),
            List.of("GET", "/events/background-task?task_id=SESSION", ""),
            List.of("GET", "/nowhere", ""));

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
            assertTrue(answers.stream().allMatch(NoTraceIT::isRefusal), answers::toString);
            assertEquals(String.join("\n", before), String.join("\n", DatabaseDump.of(installation.home())));
            installation.up();
        }
    }

    /** GraphQL says no in the body. */
    private static boolean isRefusal(String answer) {
        return answer.startsWith("4")
                || (answer.startsWith("200 to [POST, /admin/gql") && answer.contains("\"errors\":[{"));
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
    private static void send(Installation installation, List<String> call, String session, List<String> answers) {
        var environment = installation.clientEnvironment();
        var endpoint = URI.create(environment.get("BACKEND_ENDPOINT"));
        var key = environment.get("USER_BACKEND_ACCESS_KEY");
        var method = call.getFirst();
        var target = call.get(1).replace("SESSION", session);
        var body = call.get(2).isEmpty() ? null : call.get(2);
        var user = SignedHttp.user(installation);
        note(user.send(method, target, body), call, answers);
        note(new SignedHttp(endpoint, key, "wrong-secret").send(method, target, body), call, answers);
        note(user.send(method, target, body, OffsetDateTime.now(ZoneOffset.UTC).minusHours(1)), call, answers);
        note(user.sendUnsigned(method, target), call, answers);
    }

    private static void note(HttpResponse<String> response, List<String> call, List<String> answers) {
        answers.add(response.statusCode() + " to " + call + ": " + response.body() + "\n");
    }

    private static void down(Installation installation) {
        installation
                .launcher(LIMIT, "down", "--home", installation.home().toString())
                .succeeded();
    }
}
