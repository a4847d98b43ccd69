package io.slipway.manager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.model.session.SessionStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Running code by HTTP. */
@Timeout(60)
class ExecuteTest {

    private final GatewayUnderTest server = new GatewayUnderTest();

    @BeforeEach
    void fill() {
        server.sessions.put(Fakes.USER.principal(), "runs0001", SessionStatus.RUNNING);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void runsCode() throws Exception {
        var reply = execute("{\"runId\":null,\"mode\":\"query\",\"code\":\"1+1\",\"options\":null}");
        assertEquals(
                "{\"result\":{\"runId\":\"run1\",\"status\":\"finished\",\"exitCode\":0,\"options\":{},\"files\":[],"
                        + "\"console\":[[\"stdout\",\"1+1\"]]}}",
                reply.body().toString());
        assertEquals(Duration.ofSeconds(2), server.execution.lastFlush);
    }

    @Test
    void goesOnUntilItEnds() throws Exception {
        var reply = execute("{\"runId\":\"x\",\"mode\":\"query\",\"code\":\"stream\"}");
        var seen = new StringBuilder();
        while (reply.body().path("result").path("status").asText().equals("continued")) {
            seen.append(
                    reply.body().path("result").path("console").path(0).path(1).asText());
            var id = reply.body().path("result").path("runId").asText();
            reply = execute("{\"runId\":\"" + id + "\",\"mode\":\"continue\",\"code\":\"\"}");
        }
        assertEquals("321", seen.toString());
    }

    @Test
    void givesInput() throws Exception {
        var asked = execute("{\"runId\":null,\"mode\":\"query\",\"code\":\"ask\"}")
                .body()
                .path("result");
        assertEquals(
                "waiting-input {\"is_password\":true}", asked.path("status").asText() + " " + asked.path("options"));
        assertEquals("[]", asked.path("console").toString());
        var told = execute("{\"runId\":\"run1\",\"mode\":\"input\",\"code\":\"me\"}")
                .body()
                .path("result");
        assertEquals("hello me", told.path("console").path(0).path(1).asText());
    }

    @Test
    void showsEachKindOfOutputAsClientsExpectIt() throws Exception {
        assertEquals(
                "[[\"stdout\",\"out\"],[\"stderr\",\"err\"],[\"html\",\"<b>x</b>\"],"
                        + "[\"media\",[\"image/png\",\"data:image/png;base64,AA==\"]]]",
                execute("{\"runId\":null,\"mode\":\"query\",\"code\":\"show\"}")
                        .body()
                        .path("result")
                        .path("console")
                        .toString());
    }

    @Test
    void tellsWhatTheAgentSaid() throws Exception {
        var reply = execute("{\"runId\":null,\"mode\":\"query\",\"code\":\"break\"}");
        assertEquals("500 kernel-execution-failed", reply.problem());
        assertEquals(
                "agent-failure", reply.body().path("agent-details").path("type").asText());
    }

    @Test
    void completesBothWays() throws Exception {
        var options = "\"code\":\"pri\",\"options\":{\"row\":0,\"col\":3,\"line\":\"pri\",\"post\":\"\"}}";
        for (var reply : List.of(
                server.call(Fakes.USER, "POST", "/session/runs0001/complete", "{" + options),
                execute("{\"runId\":null,\"mode\":\"complete\"," + options))) {
            assertEquals(
                    "{\"result\":{\"status\":\"finished\",\"completions\":[\"pri03pri\"]}}",
                    reply.body().toString());
        }
    }

    @Test
    void interrupts() throws Exception {
        var reply = server.call(Fakes.USER, "POST", "/session/runs0001/interrupt", "");
        assertEquals(204, reply.status());
        assertEquals("runs0001", server.execution.interrupts.poll(5, TimeUnit.SECONDS));
    }

    @Test
    void listsApps() throws Exception {
        var reply = server.get(Fakes.USER, "/stream/session/runs0001/apps");
        assertTrue(reply.body().path(0).path("name").asText().equals("ttyd"));
    }

    private GatewayUnderTest.Reply execute(String body) throws IOException, InterruptedException {
        return server.call(Fakes.USER, "POST", "/session/runs0001", body);
    }
}
