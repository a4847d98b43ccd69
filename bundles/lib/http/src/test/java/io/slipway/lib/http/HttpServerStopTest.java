package io.slipway.lib.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HttpServerStopTest {

    private static final String SIMPLE = "GET /x HTTP/1.1\r\nHost: h\r\n\r\n";

    private final ServerUnderTest server = new ServerUnderTest(Duration.ofSeconds(60));

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void endsRequestsInProgressAndRefusesNewOnesWhenStopped() throws Exception {
        var begun = new CountDownLatch(1);
        server.handling = request -> {
            begun.countDown();
            ServerUnderTest.pause(500);
            return Response.text(200, "done");
        };
        var port = server.port();
        try (var raw = new RawClient(port)) {
            raw.send(SIMPLE);
            ServerUnderTest.await(begun);
            server.close();
            assertTrue(raw.readAll().endsWith("done"));
        }
        assertThrows(IOException.class, () -> new RawClient(port).close());
    }

    @Test
    void tellsWaitingHandlersThatItStops() throws Exception {
        var begun = new CountDownLatch(1);
        server.handling = request -> {
            begun.countDown();
            while (!request.isServerStopping()) {
                ServerUnderTest.pause(20);
            }
            return Response.text(503, "stopped");
        };
        try (var raw = new RawClient(server.port())) {
            raw.send(SIMPLE);
            ServerUnderTest.await(begun);
            server.close();
            assertTrue(raw.readAll().endsWith("stopped"));
        }
    }

    @Test
    void stopsInTimeWithoutAnInterruptEvenIfAHandlerDoesNotEnd() throws Exception {
        var begun = new CountDownLatch(1);
        var mayEnd = new CountDownLatch(1);
        var wasInterrupted = new CompletableFuture<Boolean>();
        server.handling = request -> {
            begun.countDown();
            try {
                wasInterrupted.complete(!mayEnd.await(60, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                wasInterrupted.complete(true);
            }
            return Response.text(503, "late");
        };
        try (var raw = new RawClient(server.port())) {
            raw.send(SIMPLE);
            ServerUnderTest.await(begun);
            var start = System.nanoTime();
            server.close();
            assertTrue(Duration.ofNanos(System.nanoTime() - start).toMillis() < 5_000);
            raw.socket().setSoTimeout(2_000);
            assertEquals("", raw.readAll());
            mayEnd.countDown();
            assertFalse(wasInterrupted.get(5, TimeUnit.SECONDS));
        }
    }
}
