package io.slipway.manager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.model.session.SessionStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MaintenanceTest {

    private static final String CREATE = "{\"name\":\"sess0001\",\"image\":\"python\",\"enqueueOnly\":true}";

    private final GatewayUnderTest server = new GatewayUnderTest();

    @AfterEach
    void stop() {
        server.close();
    }

    private void put(String body, int status) throws Exception {
        var reply = server.call(Fakes.SUPERADMIN, "PUT", "/manager/status", body);
        assertEquals(status, reply.status());
    }

    private String status() throws Exception {
        return server.get(Fakes.USER, "/manager/status").body().path("status").asText();
    }

    @Test
    void refusesWhatIsNewWhileItIsFrozen() throws Exception {
        server.sessions.put(Fakes.USER.principal(), "runs0001", SessionStatus.RUNNING);
        put("{\"status\":\"frozen\"}", 204);
        assertEquals("frozen", status());
        assertEquals(
                "503 server-frozen",
                server.call(Fakes.USER, "POST", "/session", CREATE).problem());
        assertEquals(
                "503 server-frozen",
                server.call(Fakes.USER, "POST", "/session/runs0001/rename?name=other001", "")
                        .problem());
        assertEquals(200, server.get(Fakes.USER, "/session/runs0001").status());
        put("{\"status\":\"running\"}", 204);
        assertEquals("running", status());
        assertEquals(201, server.call(Fakes.USER, "POST", "/session", CREATE).status());
        assertTrue(server.config.pairs.isEmpty());
    }

    @Test
    void refusesWhatMeansNothing() throws Exception {
        put("{}", 400);
        put("{\"status\":\"asleep\"}", 400);
        put("{\"status\":\"frozen\",\"force_kill\":\"perhaps\"}", 400);
        assertEquals("running", status());
    }
}
