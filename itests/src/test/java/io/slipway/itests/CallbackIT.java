package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A session's callback_url hears what happens to it, if the operator allows its host. */
class CallbackIT {

    private static final int LIMIT_SECONDS = 60;

    private static Installation installation;
    private static Api api;
    private static ServerSocket receiver;
    private static final BlockingQueue<String> TOLD = new LinkedBlockingQueue<>();

    @BeforeAll
    static void start() throws IOException {
        receiver = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(CallbackIT::receive);
        installation = Installation.start(Map.of("io.slipway.manager.callbacks.cfg", "allowedHosts=127.0.0.1\n"));
        api = new Api(SignedHttp.user(installation));
    }

    @AfterAll
    static void stop() throws IOException {
        try {
            if (installation != null) {
                installation.close();
            }
        } finally {
            receiver.close();
        }
    }

    private static void receive() {
        while (!receiver.isClosed()) {
            try (var line = receiver.accept()) {
                TOLD.add(take(line));
                line.getOutputStream()
                        .write("HTTP/1.1 204 x\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            } catch (SocketException e) {
                return; // closed
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static String take(Socket line) throws IOException {
        var reader = new BufferedReader(new InputStreamReader(line.getInputStream(), StandardCharsets.UTF_8));
        var length = 0;
        for (var head = reader.readLine(); head != null && !head.isEmpty(); head = reader.readLine()) {
            if (head.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(head.substring(head.indexOf(':') + 1).strip());
            }
        }
        var body = new char[length];
        for (var at = 0; at < length; ) {
            at += reader.read(body, at, length - at);
        }
        return new String(body);
    }

    private static String creation(String name, String url) {
        return Api.creation(name, false).replaceFirst("\\{", "{\"callback_url\":\"" + url + "\",");
    }

    @Test
    void hearsWhatHappensToASession() throws InterruptedException {
        var url = "http://127.0.0.1:" + receiver.getLocalPort() + "/hook?key=1";
        var created = api.send("POST", "/session", creation("calls001", url));
        assertEquals(201, created.statusCode(), created::body);
        var session = Api.json(created.body()).path("sessionId").asText();
        api.destroy(session);

        var events = new ArrayList<String>();
        while (!events.contains("terminated")) {
            var text = TOLD.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
            assertTrue(text != null, () -> "after " + events + " nothing was told");
            var told = Api.json(text);
            assertEquals("session_lifecycle", told.path("type").asText(), text);
            assertEquals(session, told.path("session_id").asText(), text);
            OffsetDateTime.parse(told.path("when").asText());
            events.add(told.path("event").asText());
        }
        assertEquals(List.of("enqueued", "scheduled", "preparing", "started", "terminating", "terminated"), events);
    }

    @Test
    void isToldWhomTheServerMayNotCall() {
        for (var url : List.of("http://10.1.2.3/", "http://localhost/", "file:///etc/passwd", "oops")) {
            var refused = api.send("POST", "/session", creation("calls002", url));
            assertEquals(400, refused.statusCode(), refused::body);
            assertTrue(refused.body().contains("callback_url"), refused::body);
        }
    }
}
