package io.slipway.manager.callbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpCourierTest {

    private static final Duration PATIENT = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(10);

    private static HttpCourier courier(String allowed, Duration timeout) {
        return new HttpCourier(new Targets(List.of(allowed)), timeout, 3, PAUSE);
    }

    @Test
    void bringsATextAndReadsNoAnswer() throws IOException {
        var endless = "HTTP/1.1 200 x\r\n\r\nfor ever ";
        try (var receiver = new Receiver(number -> endless);
                var courier = courier("127.0.0.1", PATIENT)) {
            courier.post(URI.create(receiver.url("/hook?key=1")), "{\"a\":1}");

            assertEquals("POST /hook?key=1 HTTP/1.1", receiver.heads.poll());
            assertEquals("{\"a\":1}", receiver.bodies.poll());
        }
    }

    /** Closing an answer reads it, and here it breaks off. */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 100\r\n\r\nshort", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"})
    void whatComesBehindTheHeadChangesNothing(String rest) throws IOException {
        try (var receiver = new Receiver(number -> "HTTP/1.1 200 x\r\n" + rest);
                var courier = courier("127.0.0.1", PATIENT)) {
            courier.post(URI.create(receiver.url("/")), "x");

            assertEquals(1, receiver.bodies.size());
        }
    }

    @Test
    void triesAgainWhatWasNotTaken() throws IOException {
        try (var receiver = new Receiver(number -> number == 0 ? "" : Receiver.answer(number == 1 ? 503 : 204));
                var courier = courier("127.0.0.1", PATIENT)) {
            courier.post(URI.create(receiver.url("/")), "x");

            assertEquals(List.of("x", "x", "x"), List.copyOf(receiver.bodies));
        }
    }

    @Test
    void givesUpAfterSomeAttempts() throws IOException {
        try (var receiver = new Receiver(number -> "");
                var courier = courier("127.0.0.1", PATIENT)) {
            assertThrows(IOException.class, () -> courier.post(URI.create(receiver.url("/")), "x"));
            assertEquals(3, receiver.bodies.size());
        }
    }

    @Test
    void takesARefusalAndARedirectForTheAnswer() throws IOException {
        var redirect = "HTTP/1.1 302 x\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n";
        try (var receiver = new Receiver(number -> number == 0 ? Receiver.answer(404) : redirect);
                var courier = courier("127.0.0.1", PATIENT)) {
            var target = URI.create(receiver.url("/"));
            assertTrue(assertThrows(IOException.class, () -> courier.post(target, "x"))
                    .getMessage()
                    .contains("404"));
            assertTrue(assertThrows(IOException.class, () -> courier.post(target, "x"))
                    .getMessage()
                    .contains("302"));
        }
    }

    @Test
    void waitsForNoAnswerForEver() throws IOException {
        try (var receiver = new Receiver(number -> " ");
                var courier = courier("127.0.0.1", Duration.ofMillis(100))) {
            assertThrows(IOException.class, () -> courier.post(URI.create(receiver.url("/")), "x"));
        }
    }

    @Test
    void connectsToNoAddressThatIsNotAllowed() throws IOException {
        try (var receiver = new Receiver(number -> Receiver.answer(204));
                var courier = courier("public", PATIENT)) {
            // as a name that has pointed elsewhere when it was checked
            var target = URI.create(receiver.url("/").replace("127.0.0.1", "localhost"));
            assertThrows(UnknownHostException.class, () -> courier.post(target, "x"));
            assertThrows(UnknownHostException.class, () -> courier.post(URI.create(receiver.url("/")), "x"));
            assertEquals(0, receiver.heads.size());
        }
    }
}
