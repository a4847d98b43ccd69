package io.slipway.lib.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HttpServerTest {

    private static final String SIMPLE = "GET /x HTTP/1.1\r\nHost: h\r\n\r\n";

    private final ServerUnderTest server = new ServerUnderTest(Duration.ofSeconds(60));

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void keepsTheTargetAsItCame() throws Exception {
        server.handling = request -> Response.text(
                200, request.method() + " " + request.target() + " " + request.path() + " " + request.rawQuery());
        for (var target :
                List.of("/a%20b/%C3%a4?c=d%26&e", "/a//b;x=1?", "/a/../b/./c", "/a/%2e%2e/x%2fy", "/a?b?c/d")) {
            try (var raw = new RawClient(server.port())) {
                raw.send("GET " + target + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
                var path = target.contains("?") ? target.substring(0, target.indexOf('?')) : target;
                var query = target.contains("?") ? target.substring(target.indexOf('?') + 1) : "";
                var text = raw.readAll();
                assertTrue(text.endsWith("GET " + target + " " + path + " " + query), text);
            }
        }
    }

    @Test
    void keepsBodiesOfGetAndDelete() throws Exception {
        server.handling = request -> Response.text(200, request.hasBody() + new String(request.body(), UTF_8));
        for (var method : List.of("GET", "DELETE", "POST")) {
            var answer = server.send(server.request().method(method, HttpRequest.BodyPublishers.ofString("{\"a\":1}")));
            assertEquals("true{\"a\":1}", answer.body());
        }
        assertEquals("false", server.send(server.request().DELETE()).body());
    }

    @Test
    void readsChunkedBodies() throws Exception {
        server.handling = request -> Response.text(200, request.hasBody() + new String(request.body(), UTF_8));
        try (var raw = new RawClient(server.port())) {
            raw.send("POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n")
                    .send("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
            assertTrue(raw.readAll().endsWith("trueabcde"));
        }
    }

    @Test
    void keepsConnectionsAlive() throws Exception {
        try (var raw = new RawClient(server.port())) {
            for (var i = 0; i < 3; i++) {
                assertTrue(raw.send(SIMPLE).readUntil("ok").startsWith("HTTP/1.1 200"));
            }
        }
    }

    @Test
    void refusesLargeBodiesAndStillAnswers() throws Exception {
        server.handling = request -> {
            try {
                return Response.text(200, "" + request.body().length);
            } catch (BodyTooLargeException e) {
                return Response.text(413, e.getMessage());
            }
        };
        assertEquals(
                413,
                server.send(server.request().POST(HttpRequest.BodyPublishers.ofByteArray(new byte[200_000])))
                        .statusCode());
        try (var raw = new RawClient(server.port())) {
            raw.send("POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n10000\r\n" + "x".repeat(65_536)
                    + "\r\n10000\r\n" + "x".repeat(65_536) + "\r\n0\r\n\r\n");
            assertTrue(raw.readUntil("bytes").startsWith("HTTP/1.1 413"));
        }
        assertEquals(
                "65536",
                server.send(server.request().POST(HttpRequest.BodyPublishers.ofByteArray(new byte[65_536])))
                        .body());
    }

    @Test
    void keepsAllHeadersOfOneName() throws Exception {
        server.handling = request -> Response.text(200, String.join("|", request.headers("x-several")));
        assertEquals(
                "a, b|c",
                server.send(server.request().header("X-Several", "a, b").header("X-Several", "c"))
                        .body());
        assertEquals("", server.send(server.request()).body());
    }

    @Test
    void answersBeforeAnUnreadBodyEnds() throws Exception {
        server.handling = request -> Response.text(401, "no");
        var answer = server.send(server.request().POST(HttpRequest.BodyPublishers.ofByteArray(new byte[3_000_000])));
        assertEquals(401, answer.statusCode());
    }

    @Test
    void shapesWhatNeverBecameARequest() throws Exception {
        for (var bad : List.of(
                "GARBAGE\r\n\r\n",
                "GET /x HTTP/1.1\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET x HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET /x HTTP/9.9\r\nHost: h\r\n\r\n")) {
            try (var raw = new RawClient(server.port())) {
                var text = raw.send(bad).readAll();
                assertTrue(text.contains("shaped ") && text.contains("X-Shaped: yes"), bad + text);
            }
        }
        try (var raw = new RawClient(server.port())) {
            var text = raw.send("GET /x HTTP/1.1\r\nHost: h\r\nX: " + "y".repeat(40_000) + "\r\n\r\n")
                    .readAll();
            assertTrue(text.startsWith("HTTP/1.1 431") && text.contains("shaped 431"), text);
        }
    }

    @Test
    void answersBrokenChunksWith400() throws Exception {
        server.handling = request -> Response.text(200, "" + request.body().length);
        try (var raw = new RawClient(server.port())) {
            var text = raw.send("POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n")
                    .readAll();
            assertTrue(text.startsWith("HTTP/1.1 400"), text);
        }
    }

    @Test
    void answersAFailedHandlerWith500AndTellsNothing() throws Exception {
        server.handling = request -> {
            throw new IllegalStateException("secret");
        };
        var answer = server.send(server.request().GET());
        assertEquals(500, answer.statusCode());
        assertFalse(answer.body().contains("secret"));
    }

    @Test
    void answersAfterTheClientEndedItsHalf() throws Exception {
        server.handling = request -> {
            ServerUnderTest.pause(200);
            return Response.text(200, "late");
        };
        try (var raw = new RawClient(server.port())) {
            assertTrue(raw.send(SIMPLE).endOutput().readAll().endsWith("late"));
        }
    }

    @Test
    void survivesClientsThatLeaveEarly() throws Exception {
        server.handling = request -> Response.text(200, "" + request.body().length);
        for (var i = 0; i < 20; i++) {
            try (var raw = new RawClient(server.port())) {
                raw.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nabc");
            }
        }
        assertEquals(
                "3",
                server.send(server.request().POST(HttpRequest.BodyPublishers.ofString("abc")))
                        .body());
    }

    @Test
    void letsAHandlerComputeLongerThanTheIdleLimit() throws Exception {
        try (var hasty = new ServerUnderTest(Duration.ofMillis(300))) {
            hasty.handling = request -> {
                ServerUnderTest.pause(1_000);
                return Response.text(200, "slow");
            };
            assertEquals("slow", hasty.send(hasty.request().GET()).body());
            hasty.handling = request -> Response.text(200, "" + request.body().length);
            try (var raw = new RawClient(hasty.port())) {
                var text = raw.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nab")
                        .readAll();
                assertTrue(text.startsWith("HTTP/1.1 408"), text);
            }
        }
    }

    @Test
    void streamsWithoutBuffering() throws Exception {
        var goOn = new CountDownLatch(1);
        server.handling = request -> EventStream.response(events -> {
            events.send("first", "a\nb");
            ServerUnderTest.await(goOn);
            events.send("7", "second", "");
            events.send("third", "c", 5);
        });
        try (var raw = new RawClient(server.port())) {
            var begin = raw.send(SIMPLE).readUntil("event: first\ndata: a\ndata: b\n\n");
            // else clients would take a stream whose server was killed for damaged
            assertFalse(begin.contains("chunked"), begin);
            goOn.countDown();
            assertEquals("event: second\ndata: \nid: 7\n\nevent: third\ndata: c\nretry: 5\n\n", raw.readAll());
        }
    }

    @Test
    void slowsAStreamDownForASlowReader() throws Exception {
        var written = new java.util.concurrent.atomic.AtomicLong();
        var ended = new CompletableFuture<Throwable>();
        server.handling = request -> new Response(200, List.of(), new ResponseBody.Streamed(-1, out -> {
            try {
                for (var i = 0; i < 10_000; i++) {
                    out.write(new byte[65_536]);
                    written.addAndGet(65_536);
                }
            } catch (IOException e) {
                ended.complete(e);
                throw e;
            }
        }));
        try (var raw = new RawClient(server.port())) {
            raw.send(SIMPLE).readUntil("\r\n\r\n");
            var before = -1L;
            while (before != written.get()) {
                before = written.get();
                ServerUnderTest.pause(300);
            }
            assertTrue(before < 20_000_000, "the writer ran ahead by " + before);
        }
        assertTrue(ended.get(10, TimeUnit.SECONDS) instanceof IOException);
    }

    @Test
    void sendsALengthWhereItIsKnown() throws Exception {
        server.handling = request ->
                new Response(200, List.of(), new ResponseBody.Streamed(3, out -> out.write("abc".getBytes(UTF_8))));
        var answer = server.send(server.request().GET());
        assertEquals(Optional.of("3"), answer.headers().firstValue("Content-Length"));
        assertEquals("abc", answer.body());
        server.handling = request -> Response.empty(204).with(List.of(new Header("X-A", "b")));
        assertEquals(
                Optional.of("b"), server.send(server.request().GET()).headers().firstValue("X-A"));
    }

    @Test
    void answersHeadWithoutABody() throws Exception {
        try (var raw = new RawClient(server.port())) {
            var text = raw.send("HEAD /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                    .readAll();
            assertTrue(text.contains("Content-Length: 2") && text.endsWith("\r\n\r\n"), text);
        }
    }

    @Test
    void runsEachRequestOnAVirtualThread() throws Exception {
        server.handling =
                request -> Response.text(200, "" + Thread.currentThread().isVirtual());
        assertEquals("true", server.send(server.request().GET()).body());
    }

    @Test
    void servesManySlowRequestsAtOnce() throws Exception {
        var all = new CountDownLatch(200);
        server.handling = request -> {
            all.countDown();
            ServerUnderTest.await(all);
            return Response.text(200, "ok");
        };
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = java.util.stream.IntStream.range(0, 200)
                    .mapToObj(i -> threads.submit(
                            () -> server.send(server.request().GET()).body()))
                    .toList();
            for (var answer : answers) {
                assertEquals("ok", answer.get(20, TimeUnit.SECONDS));
            }
        }
    }

    @Test
    void saysWhyItCannotListen() {
        var failure = assertThrows(
                IOException.class,
                () -> HttpServer.start(HttpServerSettings.of("second", "127.0.0.1", server.port()), server));
        assertTrue(
                failure.getMessage().contains("127.0.0.1:" + server.port() + ": the port is taken"),
                failure.getMessage());
    }

    @Test
    void refusesHeadersThatSmuggle() {
        assertThrows(IllegalArgumentException.class, () -> new Header("X", "a\r\nY: b"));
    }
}
