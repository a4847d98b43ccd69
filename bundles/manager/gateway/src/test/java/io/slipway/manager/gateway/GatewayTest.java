package io.slipway.manager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.session.SessionStatus;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each route as a client that does everything right sees it. */
@Timeout(60)
class GatewayTest {

    private final GatewayUnderTest server = new GatewayUnderTest();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void tellsItsVersionToAnybody() throws Exception {
        var reply = server.send(server.request("GET", "/", ""));
        assertEquals(200, reply.status());
        assertEquals("v8.20240915", reply.body().path("version").asText());
        assertEquals("24.09.14", reply.body().path("manager").asText());
        assertEquals(Optional.of("BackendAI"), reply.header("Server"));
        assertEquals(Optional.of("application/json"), reply.header("Content-Type"));
        assertEquals(Optional.of("1000"), reply.header("X-RateLimit-Limit"));
        assertEquals(Optional.of("1000"), reply.header("X-RateLimit-Remaining"));
        assertEquals(Optional.of("900"), reply.header("X-RateLimit-Window"));
    }

    @Test
    void echoesToWhoeverSigns() throws Exception {
        for (var path : List.of("/auth", "/auth/test")) {
            var asked = server.get(Fakes.USER, path + "?echo=h%C3%A4+llo");
            assertEquals(
                    "{\"authorized\":\"yes\",\"echo\":\"hä llo\"}", asked.body().toString());
            var posted = server.call(Fakes.USER, "POST", path, "{\"echo\":\"x\",\"unknown\":1}");
            assertEquals("x", posted.body().path("echo").asText());
            assertEquals(
                    "query",
                    server.call(Fakes.USER, "POST", path + "?echo=query", "")
                            .body()
                            .path("echo")
                            .asText());
        }
    }

    @Test
    void takesTheQueryOfAGetEvenIfItHasABody() throws Exception {
        var reply = server.call(Fakes.USER, "GET", "/auth?echo=query", "{\"echo\":\"body\"}");
        assertEquals("query", reply.body().path("echo").asText());
    }

    @Test
    void tellsRoles() throws Exception {
        assertEquals(
                "{\"global_role\":\"user\",\"domain_role\":\"user\",\"group_role\":null}",
                server.get(Fakes.USER, "/auth/role").body().toString());
        assertEquals(
                "{\"global_role\":\"superadmin\",\"domain_role\":\"admin\",\"group_role\":\"user\"}",
                server.get(Fakes.SUPERADMIN, "/auth/role?group=" + Fakes.PROJECT)
                        .body()
                        .toString());
    }

    @Test
    void listsSlotsAndResourceGroups() throws Exception {
        var slots = server.send(server.request("GET", "/config/resource-slots", ""));
        assertEquals(
                "{\"cpu\":\"count\",\"cuda.device\":\"count\",\"mem\":\"bytes\"}",
                slots.body().toString());
        for (var name : List.of("group", "group_id", "group_name")) {
            assertEquals(
                    "{\"scaling_groups\":[{\"name\":\"default\"},{\"name\":\"gpu\"}]}",
                    server.get(Fakes.USER, "/scaling-groups?" + name + "=default")
                            .body()
                            .toString());
        }
    }

    @Test
    void tellsItsStatus() throws Exception {
        server.sessions.put(Fakes.USER.principal(), "runs1", SessionStatus.RUNNING);
        var reply = server.send(server.request("GET", "/manager/status", ""));
        assertEquals(1, reply.body().path("active_sessions").asInt());
        assertEquals(
                "[8,\"20240915\"]",
                reply.body().path("nodes").path(0).path("api_version").toString());
    }

    @Test
    void keepsAnAnnouncement() throws Exception {
        var get = server.request("GET", "/manager/announcement", "");
        assertEquals(
                "{\"enabled\":false,\"message\":\"\"}", server.send(get).body().toString());
        var set =
                server.call(Fakes.SUPERADMIN, "POST", "/manager/announcement", "{\"enabled\":true,\"message\":\"hi\"}");
        assertEquals(204, set.status());
        assertEquals("", set.raw().body());
        assertEquals(
                "{\"enabled\":true,\"message\":\"hi\"}", server.send(get).body().toString());
        server.call(Fakes.SUPERADMIN, "POST", "/manager/announcement", "{\"enabled\":\"False\"}");
        assertEquals(
                "{\"enabled\":false,\"message\":\"\"}", server.send(get).body().toString());
    }

    @Test
    void asksGraphQl() throws Exception {
        var body = "{\"query\":\"{x}\",\"variables\":{\"a\":[1,null,{\"b\":\"c\"}]},\"operation_name\":\"op\"}";
        var reply = server.call(Fakes.USER, "POST", "/admin/gql", body);
        assertEquals(
                "[1,null,{\"b\":\"c\"}]",
                reply.body().path("data").path("variables").path("a").toString());
        assertEquals("op", reply.body().path("data").path("operation").asText());
        assertTrue(reply.body().path("errors").isMissingNode());
        assertEquals(
                200,
                server.call(Fakes.USER, "POST", "/admin/gql", "{\"query\":\"broken\",\"variables\":null}")
                        .status());
        assertEquals(
                Fakes.USER.accessKey(),
                server.call(Fakes.USER, "POST", "/admin/graphql", body)
                        .body()
                        .path("caller")
                        .asText());
        var failed = server.call(Fakes.USER, "POST", "/admin/graphql", "{\"query\":\"broken\"}");
        assertEquals("400 graphql-error", failed.problem());
        assertEquals(
                "broken indeed",
                failed.body().path("data").path(0).path("message").asText());
    }

    @Test
    void answersPagesOfAnyOrigin() throws Exception {
        var preflight = server.send(server.request("OPTIONS", "/session", "")
                .header("Origin", "https://ui.example")
                .header("Access-Control-Request-Headers", "authorization, date"));
        assertEquals(200, preflight.status());
        assertEquals(Optional.of("https://ui.example"), preflight.header("Access-Control-Allow-Origin"));
        assertEquals(Optional.of("authorization, date"), preflight.header("Access-Control-Allow-Headers"));
        var plain = server.send(server.request("GET", "/", "").header("Origin", "https://ui.example"));
        assertEquals(Optional.of("https://ui.example"), plain.header("Access-Control-Allow-Origin"));
        assertEquals(
                Optional.empty(), server.send(server.request("GET", "/", "")).header("Access-Control-Allow-Origin"));
    }

    @Test
    void limitsTheRateOfAKey() throws Exception {
        server.keys.put(Fakes.USER, 2, List.of());
        var first = server.get(Fakes.USER, "/auth/role");
        assertEquals(
                "2 1",
                first.header("X-RateLimit-Limit").get() + " "
                        + first.header("X-RateLimit-Remaining").get());
        assertEquals(200, server.get(Fakes.USER, "/auth/role").status());
        var third = server.get(Fakes.USER, "/auth/role");
        assertEquals("429 rate-limit-exceeded", third.problem());
        assertEquals(Optional.of("0"), third.header("X-RateLimit-Remaining"));
        assertEquals(200, server.get(Fakes.OTHER, "/auth/role").status());
    }

    @Test
    void hidesWhatWentWrongInside() throws Exception {
        server.sessions.failure = new IllegalStateException("password=hunter2");
        var reply = server.get(Fakes.USER, "/session/any1");
        assertEquals("500 internal-server-error", reply.problem());
        assertFalse(reply.raw().body().contains("hunter2"), reply.raw().body());
        assertFalse(reply.raw().body().contains("Exception"), reply.raw().body());
        assertEquals(Optional.of("application/problem+json"), reply.header("Content-Type"));
    }

    @Test
    void turnsEachCodeIntoItsProblem() throws Exception {
        for (var code : FailureCode.values()) {
            server.sessions.failure = new SlipwayException(code, "because");
            var reply = server.get(Fakes.USER, "/session/any1");
            assertTrue(
                    reply.status() >= 400
                            && !reply.body().path("title").asText().isEmpty(),
                    code + reply.problem());
            assertEquals("because", reply.body().path("msg").asText());
        }
    }
}
