package io.slipway.lib.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WebSocketTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String HANDSHAKE = """
            GET /x HTTP/1.1
            Host: h
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Version: 13
            """.replace("\n", "\r\n");

    private final HttpClient client = HttpClient.newHttpClient();
    private final Listener heard = new Listener();
    private volatile WebSocketHandler handler = connection -> {};
    private WebSocketSettings settings = new WebSocketSettings(100_000, Duration.ofSeconds(30), Duration.ofSeconds(2));
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.start(HttpServerSettings.of("test", "127.0.0.1", 0), new Upgrading());
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        server.close();
    }

    @Test
    void carriesTextAndBytesBothWays() throws Exception {
        handler = connection -> {
            var text = (WebSocketMessage.Text) connection.receive(LIMIT).orElseThrow();
            connection.send("got " + text.text());
            var bytes = (WebSocketMessage.Binary) connection.receive(LIMIT).orElseThrow();
            connection.send(bytes.bytes());
        };
        var socket = connect();
        socket.sendText("hällo", true).join();
        assertEquals("got hällo", heard.next());
        socket.sendBinary(ByteBuffer.wrap("raw".getBytes(UTF_8)), true).join();
        assertEquals("bytes raw", heard.next());
        assertEquals("close 1000", heard.next());
    }

    @Test
    void joinsFragmentsAndKeepsOrder() throws Exception {
        handler = connection -> {
            for (var i = 0; i < 101; i++) {
                var text = (WebSocketMessage.Text) connection.receive(LIMIT).orElseThrow();
                connection.send(text.text());
            }
        };
        var socket = connect();
        socket.sendText("a", false).join();
        socket.sendText("b", true).join();
        for (var i = 0; i < 100; i++) {
            socket.sendText("m" + i, true).join();
        }
        assertEquals("ab", heard.next());
        for (var i = 0; i < 100; i++) {
            assertEquals("m" + i, heard.next());
        }
    }

    @Test
    void answersPingsAndSeesCloseWhileNobodyReceives() throws Exception {
        var gone = new CompletableFuture<Boolean>();
        handler = connection -> {
            while (connection.isOpen()) {
                connection.send("tick");
                pause(20);
            }
            gone.complete(true);
        };
        var socket = connect();
        socket.sendPing(ByteBuffer.wrap("p".getBytes(UTF_8))).join();
        while (!"pong p".equals(heard.next())) {
            // ticks come in between
            Thread.onSpinWait();
        }
        socket.sendClose(1000, "bye").join();
        assertTrue(gone.get(10, TimeUnit.SECONDS));
    }

    @Test
    void pingsIdleClientsAndKeepsThemOpen() throws Exception {
        settings = new WebSocketSettings(1_000, Duration.ofMillis(600), Duration.ofSeconds(2));
        handler = connection -> {
            assertTrue(connection.receive(Duration.ofSeconds(2)).isEmpty());
            connection.send("still here");
        };
        connect();
        assertEquals("still here", heard.next());
    }

    @Test
    void dropsClientsThatAnswerNoPing() throws Exception {
        settings = new WebSocketSettings(1_000, Duration.ofMillis(500), Duration.ofSeconds(2));
        var gone = new CompletableFuture<Throwable>();
        handler = connection -> gone.complete(assertThrows(IOException.class, () -> connection.receive(LIMIT)));
        try (var raw = new RawClient(server.port())) {
            raw.send(HANDSHAKE + "\r\n").readUntil("\r\n\r\n");
            assertInstanceOf(WebSocketClosedException.class, gone.get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void slowsTheSenderDownAndDropsAClientThatTakesNothing() throws Exception {
        var sent = new AtomicLong();
        var failure = new CompletableFuture<Throwable>();
        handler = connection -> {
            var chunk = "x".repeat(65_536);
            failure.complete(assertThrows(IOException.class, () -> {
                for (var i = 0; i < 10_000; i++) {
                    connection.send(chunk);
                    sent.incrementAndGet();
                }
            }));
        };
        try (var raw = new RawClient(server.port())) {
            raw.send(HANDSHAKE + "\r\n").readUntil("\r\n\r\n");
            assertInstanceOf(IOException.class, failure.get(10, TimeUnit.SECONDS));
            assertTrue(sent.get() < 300, "the sender ran ahead by " + sent.get());
        }
    }

    @Test
    void refusesLargeMessagesWith1009() throws Exception {
        handler = connection -> connection.receive(LIMIT);
        connect().sendText("x".repeat(100_001), true).join();
        assertEquals("close 1009", heard.next());
    }

    @Test
    void keepsNoMoreUnreadThanOneLargeMessage() throws Exception {
        settings = new WebSocketSettings(4_000_000, Duration.ofSeconds(30), Duration.ofSeconds(2));
        var mayRead = new CountDownLatch(1);
        var sent = new AtomicInteger();
        handler = connection -> {
            ServerUnderTest.await(mayRead);
            for (var i = 0; i < 16; i++) {
                connection.receive(LIMIT);
            }
            connection.send("all");
        };
        var socket = connect();
        // one that is kept, and what fits into the buffers of the network
        var sender = Thread.ofVirtual().start(() -> {
            for (var i = 0; i < 16; i++) {
                socket.sendText("x".repeat(4_000_000), true).join();
                sent.incrementAndGet();
            }
        });
        var before = -1;
        while (before != sent.get() || before < 1) {
            before = sent.get();
            ServerUnderTest.pause(300);
        }
        assertTrue(before < 7, "a client sent " + before + " messages that nobody reads");
        mayRead.countDown();
        assertEquals("all", heard.next());
        sender.join();
    }

    @Test
    void lowersTheLimitOfMessages() throws Exception {
        handler = connection -> {
            connection.receive(LIMIT);
            connection.limitMessages(1_000);
            connection.send("now");
            connection.receive(LIMIT);
        };
        var socket = connect();
        socket.sendText("x".repeat(50_000), true).join();
        assertEquals("now", heard.next());
        socket.sendText("x".repeat(1_001), true).join();
        assertEquals("close 1009", heard.next());
    }

    @Test
    void tellsTheHandlerOfAVanishedClient() throws Exception {
        var gone = new CompletableFuture<Throwable>();
        handler = connection -> gone.complete(assertThrows(IOException.class, () -> connection.receive(LIMIT)));
        try (var raw = new RawClient(server.port())) {
            raw.send(HANDSHAKE + "\r\n").readUntil("\r\n\r\n");
        }
        assertInstanceOf(IOException.class, gone.get(10, TimeUnit.SECONDS));
    }

    @Test
    void closesWith1011AfterAFailure() throws Exception {
        handler = connection -> {
            throw new IllegalStateException("secret");
        };
        connect();
        assertEquals("close 1011", heard.next());
    }

    @Test
    void letsATalkSayGoodbyeWhenTheServerStops() throws Exception {
        var begun = new CompletableFuture<Boolean>();
        handler = connection -> {
            begun.complete(true);
            assertTrue(connection.receive(Duration.ofMinutes(5)).isEmpty());
            assertTrue(connection.isServerStopping());
            connection.send("goodbye");
        };
        connect();
        assertTrue(begun.get(5, TimeUnit.SECONDS));
        var start = System.nanoTime();
        server.close();
        assertTrue(Duration.ofNanos(System.nanoTime() - start).toMillis() < 5_000);
        assertEquals("goodbye", heard.next());
        assertEquals("close 1001", heard.next());
    }

    @Test
    void answersABadHandshakeWith400() throws Exception {
        try (var raw = new RawClient(server.port())) {
            var text = raw.send(
                            "GET /x HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n")
                    .readAll();
            assertTrue(text.startsWith("HTTP/1.1 400"), text);
        }
    }

    @Test
    void sendsHeadersWithTheUpgrade() throws Exception {
        handler = connection -> connection.receive(LIMIT);
        try (var raw = new RawClient(server.port())) {
            var text = raw.send(HANDSHAKE + "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n")
                    .readUntil("\r\n\r\n");
            assertTrue(text.startsWith("HTTP/1.1 101") && text.contains("X-Hello: yes"), text);
            assertTrue(!text.contains("deflate"), text);
        }
    }

    private WebSocket connect() {
        return client.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + server.port() + "/x"), heard)
                .join();
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Upgrading implements RequestHandler {

        @Override
        public Answer handle(Request request) {
            assertTrue(request.wantsWebSocket());
            return new WebSocketUpgrade(
                    List.of(new Header("X-Hello", "yes")), settings, connection -> handler.speak(connection));
        }

        @Override
        public Response refuse(int status, String reason) {
            return Response.text(status, reason);
        }
    }

    private static final class Listener implements WebSocket.Listener {

        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private final StringBuilder partial = new StringBuilder();

        String next() throws InterruptedException {
            var next = heard.poll(10, TimeUnit.SECONDS);
            return next == null ? "nothing" : next;
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            partial.append(data);
            if (last) {
                heard.add(partial.toString());
                partial.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            heard.add("bytes " + UTF_8.decode(data));
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onPong(WebSocket socket, ByteBuffer data) {
            heard.add("pong " + UTF_8.decode(data));
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            heard.add("close " + code);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            heard.add("error " + error);
        }
    }
}
