package io.slipway.manager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bodies that cannot be read, or must not be. */
@Timeout(60)
class MalformedBodyTest {

    private final GatewayUnderTest server = new GatewayUnderTest();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void refusesBodiesThatAreNoTextOrOfTooManyParts() throws Exception {
        // four zeros and a letter look like UTF-32
        for (var body : List.of("\0\0\0{\0\0", "\0\0\0\0a", "{\0\0\0x", "\uFEFF")) {
            var reply = server.call(Fakes.USER, "POST", "/auth", body);
            assertEquals("400 invalid-api-params", reply.problem());
            assertEquals("Malformed body", reply.body().path("msg").asText());
        }
        assertTrue(Json.object(("{\"a\":[" + "1,".repeat(100_000) + "1]}").getBytes(StandardCharsets.UTF_8))
                .isPresent());
        assertTrue(Json.object(("{\"a\":[" + "{},".repeat(100_000) + "1]}").getBytes(StandardCharsets.UTF_8))
                .isEmpty());
    }
}
