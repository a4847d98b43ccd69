package io.slipway.manager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.agent.api.ConsoleRecord;
import io.slipway.agent.api.ExecuteReply;
import io.slipway.model.session.SessionStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Running code by WebSocket. */
@Timeout(60)
class ExecuteSocketTest {

    private static final String TARGET = "/stream/session/runs0001/execute";

    private final GatewayUnderTest server = new GatewayUnderTest();
    private final Listener heard = new Listener();
    private String session = "";

    @BeforeEach
    void fill() {
        session = server.sessions
                .put(Fakes.USER.principal(), "runs0001", SessionStatus.RUNNING)
                .id()
                .toString();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void streamsOutputUntilTheEnd() throws Exception {
        connect()
                .sendText("{\"code\":\"stream\",\"mode\":\"query\",\"options\":{}}", true)
                .join();
        assertEquals(frame("continued", "[[\"stdout\",\"3\"]]", "null"), heard.next());
        assertEquals(frame("continued", "[[\"stdout\",\"2\"]]", "null"), heard.next());
        assertEquals(frame("continued", "[[\"stdout\",\"1\"]]", "null"), heard.next());
        assertEquals(frame("finished", "[]", "0"), heard.next());
        assertEquals("close 1000", heard.next());
        assertEquals(Duration.ofMillis(200), server.execution.lastFlush);
        assertNull(server.execution.interrupts.poll());
    }

    @Test
    void tellsTheStepsOfABatchRun() throws Exception {
        connect()
                .sendText(
                        "{\"code\":\"\",\"mode\":\"batch\",\"options\":"
                                + "{\"clean\":null,\"build\":\"*\",\"exec\":\"./a\",\"buildLog\":false}}",
                        true)
                .join();
        assertEquals(frame("build-finished", "[[\"stdout\",\"{build=*, exec=./a}\"]]", "0"), heard.next());
        assertEquals(frame("finished", "[]", "0"), heard.next());
        assertEquals("close 1000", heard.next());
    }

    @Test
    void passesRawInputOn() throws Exception {
        var socket = connect();
        socket.sendText("{\"code\":\"ask\",\"mode\":\"query\"}", true).join();
        assertTrue(heard.next().contains("\"options\":{\"is_password\":true}"));
        socket.sendText("{\"not\": \"parsed\"}", true).join();
        assertTrue(heard.next().contains("hello {\\\"not\\\": \\\"parsed\\\"}"));
        assertEquals("close 1000", heard.next());
    }

    @Test
    void interruptsARunWhoseClientLeaves() throws Exception {
        var socket = connect();
        socket.sendText("{\"code\":\"loop\",\"mode\":\"query\"}", true).join();
        assertTrue(heard.next().contains("begin"));
        socket.sendClose(1000, "bye").join();
        assertEquals(session + "/loop", server.execution.interrupts.poll(10, TimeUnit.SECONDS));
    }

    @Test
    void interruptsARunThatWaitsForInputOfAClientThatLeaves() throws Exception {
        var socket = connect();
        socket.sendText("{\"code\":\"ask\",\"mode\":\"query\"}", true).join();
        assertTrue(heard.next().contains("waiting-input"));
        socket.abort();
        assertEquals(session + "/asks", server.execution.interrupts.poll(10, TimeUnit.SECONDS));
    }

    @Test
    void hearsOfTheEndOfARunThatWaitsForInput() throws Exception {
        connect().sendText("{\"code\":\"ask\",\"mode\":\"query\"}", true).join();
        assertTrue(heard.next().contains("waiting-input"));
        server.execution.whileAsking = new ExecuteReply(
                "asks",
                ExecuteReply.Status.WAITING_INPUT,
                null,
                true,
                List.of(ConsoleRecord.text(ConsoleRecord.Kind.STDOUT, "still")));
        assertEquals(frame("continued", "[[\"stdout\",\"still\"]]", "null"), heard.next());
        server.execution.whileAsking = new ExecuteReply("asks", ExecuteReply.Status.FINISHED, 130, false, List.of());
        var last = heard.next();
        while (last.contains("continued")) {
            last = heard.next();
        }
        assertEquals(frame("finished", "[]", "130"), last);
        assertEquals("close 1000", heard.next());
        assertNull(server.execution.interrupts.poll());
    }

    @Test
    void interruptsNothingIfTheClientLeavesBeforeItHearsTheEnd() throws Exception {
        var socket = connect();
        socket.sendText("{\"code\":\"late\",\"mode\":\"query\"}", true).join();
        socket.sendClose(1000, "bye").join();
        assertEquals("close 1000", heard.next());
        server.execution.mayEnd.countDown();
        assertNull(server.execution.interrupts.poll(500, TimeUnit.MILLISECONDS));
    }

    @Test
    void opensOnlySoManyForOneKey() throws Exception {
        for (var i = 0; i < 3; i++) {
            connect().sendText("{\"code\":\"loop\",\"mode\":\"query\"}", true).join();
            assertTrue(heard.next().contains("begin"));
        }
        connect().sendText("{\"code\":\"loop\",\"mode\":\"query\"}", true).join();
        assertEquals("{\"status\":\"error\",\"msg\":\"This keypair has 3 WebSockets open already\"}", heard.next());
        assertEquals("close 1000", heard.next());
    }

    @Test
    void takesLargeCodeButNoLargeInput() throws Exception {
        var socket = connect();
        socket.sendText(
                        "{\"code\":\"ask\",\"mode\":\"query\",\"options\":{\"x\":\"" + "x".repeat(1_500_000) + "\"}}",
                        true)
                .join();
        assertTrue(heard.next().contains("waiting-input"));
        var _ = socket.sendText("x".repeat(1_048_577), true); // it is cut off while it is sent
        assertEquals("close 1009", heard.next());
        assertEquals(session + "/asks", server.execution.interrupts.poll(10, TimeUnit.SECONDS));
    }

    @Test
    void fetchesNoMoreThanAClientTakes() throws Exception {
        try (var raw = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            raw.setReceiveBufferSize(4_096);
            handshake(raw);
            write(raw, "{\"code\":\"flood\",\"mode\":\"query\"}");
            var before = -1;
            while (before != server.execution.fetched.get() || before < 1) {
                before = server.execution.fetched.get();
                TimeUnit.MILLISECONDS.sleep(300);
            }
            assertTrue(before < 300, "fetched " + before + " pieces of 64 KiB for a client that takes none");
        }
        assertEquals(session + "/flood", server.execution.interrupts.poll(10, TimeUnit.SECONDS));
    }

    @Test
    void tellsWhatIsWrongAndCloses() throws Exception {
        for (var wrong : new String[] {
            "nonsense",
            "[]",
            "{\"code\":1}",
            "{\"code\":\"\",\"mode\":\"batch\",\"options\":{\"exec\":7}}",
            "{\"code\":\"\",\"mode\":\"input\"}",
            "{\"code\":\"break\"}"
        }) {
            connect().sendText(wrong, true).join();
            var frame = heard.next();
            assertTrue(frame.startsWith("{\"status\":\"error\",\"msg\":\""), frame);
            assertEquals("close 1000", heard.next());
        }
    }

    @Test
    void saysGoodbyeWhenTheServerStopsAndLetsTheRunGoOn() throws Exception {
        connect().sendText("{\"code\":\"loop\",\"mode\":\"query\"}", true).join();
        assertTrue(heard.next().contains("begin"));
        Thread.ofVirtual().start(() -> server.gateway().stop());
        assertTrue(heard.next().contains("server-restarting"));
        assertNull(server.execution.interrupts.poll(300, TimeUnit.MILLISECONDS));
    }

    @Test
    void refusesBeforeTheUpgrade() throws Exception {
        assertEquals("400 generic-bad-request", server.get(Fakes.USER, TARGET).problem());
        assertTrue(status("/stream/session/nobody/execute", Fakes.USER).startsWith("HTTP/1.1 404"));
        assertTrue(status(TARGET, Fakes.OTHER).startsWith("HTTP/1.1 404"));
        var wrongKey = new Fakes.TestKey(Fakes.USER.principal(), "another secret");
        assertTrue(status(TARGET, wrongKey).startsWith("HTTP/1.1 401"));
    }

    private String status(String target, Fakes.TestKey key) throws IOException {
        try (var raw = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            return handshake(raw, target, key);
        }
    }

    private String frame(String status, String console, String exitCode) {
        return "{\"status\":\"" + status + "\",\"console\":" + console + ",\"exitCode\":" + exitCode
                + ",\"options\":{},\"files\":[]}";
    }

    private WebSocket connect() {
        var date = OffsetDateTime.now(ZoneOffset.UTC);
        return server.client()
                .newWebSocketBuilder()
                .header("Date", date.toString())
                .header("X-BackendAI-Version", "v8.20240915")
                .header(
                        "Authorization",
                        server.authorization(Fakes.USER, "GET", TARGET, date, "application/octet-stream"))
                .buildAsync(URI.create("ws://" + server.host() + TARGET), heard)
                .join();
    }

    private void handshake(Socket raw) throws IOException {
        var answer = handshake(raw, TARGET, Fakes.USER);
        assertTrue(answer.startsWith("HTTP/1.1 101"), answer);
    }

    private String handshake(Socket raw, String target, Fakes.TestKey key) throws IOException {
        var date = OffsetDateTime.now(ZoneOffset.UTC);
        var request = String.join(
                "\r\n",
                "GET " + target + " HTTP/1.1",
                "Host: " + server.host(),
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Version: 13",
                "Date: " + date,
                "X-BackendAI-Version: v8.20240915",
                "Authorization: " + server.authorization(key, "GET", target, date, "application/octet-stream"),
                "",
                "");
        raw.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        var answer = new StringBuilder();
        while (!answer.toString().endsWith("\r\n\r\n")) {
            answer.append((char) raw.getInputStream().read());
        }
        return answer.toString();
    }

    /** Writes a masked text frame, with a mask of zeros. */
    private static void write(Socket raw, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        var frame = new byte[bytes.length + 6];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) (0x80 | bytes.length);
        System.arraycopy(bytes, 0, frame, 6, bytes.length);
        raw.getOutputStream().write(frame);
    }

    private static final class Listener implements WebSocket.Listener {

        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        private final StringBuilder partial = new StringBuilder();

        String next() throws InterruptedException {
            var next = messages.poll(10, TimeUnit.SECONDS);
            return next == null ? "nothing" : next;
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            partial.append(data);
            if (last) {
                messages.add(partial.toString());
                partial.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            messages.add("close " + code);
            return null;
        }
    }
}
