package io.slipway.lib.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MultipartFormTest {

    private static final String TYPE = "multipart/form-data; boundary=XyZ";
    private static final String ONE =
            "--XyZ\r\nContent-Disposition: form-data; name=\"src\"; filename=\"a%2Fb%20c.txt\"\r\n\r\nhello\r\n";

    private final ServerUnderTest server = new ServerUnderTest(Duration.ofSeconds(60));
    private final StringBuilder seen = new StringBuilder();

    @AfterEach
    void stop() {
        server.close();
    }

    private final class Notes implements MultipartForm.Receiver {

        private final ByteArrayOutputStream content = new ByteArrayOutputStream();

        @Override
        public void begin(String name, Optional<String> fileName) throws IOException {
            if (fileName.orElse("").contains("refused")) {
                throw new IOException("refused");
            }
            if (fileName.orElse("").contains("crash")) {
                throw new IllegalStateException("crashed");
            }
            seen.append(name).append('=').append(fileName.orElse("-")).append(':');
        }

        @Override
        public void content(byte[] bytes, int from, int length) {
            content.write(bytes, from, length);
        }

        @Override
        public void end() {
            var text = content.toString(UTF_8);
            seen.append(text.length() > 100 ? Integer.toString(text.length()) : text)
                    .append(';');
            content.reset();
        }
    }

    private String read(String type, byte[] body) throws Exception {
        seen.setLength(0);
        server.handling = request -> {
            try {
                MultipartForm.read(request, 3, new Notes());
                return Response.text(200, seen.toString());
            } catch (MultipartForm.MalformedException e) {
                return Response.text(400, String.valueOf(e.getMessage()));
            } catch (IOException e) {
                return Response.text(409, String.valueOf(e.getMessage()));
            } catch (IllegalStateException e) {
                return Response.text(410, String.valueOf(e.getMessage()));
            }
        };
        var answer = server.send(server.request()
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new Dripping(body))));
        return answer.statusCode() + " " + answer.body();
    }

    @Test
    void readsPartsAndDecodesFileNames() throws Exception {
        var body = ONE + "--XyZ\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n\r\n--XyZ--\r\n";
        assertEquals("200 src=a/b c.txt:hello;x=-:;", read(TYPE, body.getBytes(UTF_8)));
    }

    @Test
    void keepsWhatLooksLikeABoundary() throws Exception {
        var body = "--XyZ\r\nContent-Disposition: form-data; name=\"s\"; filename=\"f\"\r\n\r\n"
                + "\r\n--Xy\r\n-\r\n--XyY\r\n\r\n--XyZ--\r\n";
        assertEquals("200 s=f:\r\n--Xy\r\n-\r\n--XyY\r\n;", read(TYPE, body.getBytes(UTF_8)));
    }

    @Test
    void refusesWhatIsNoForm() throws Exception {
        assertTrue(read("application/json", "{}".getBytes(UTF_8)).startsWith("400 The body must be"));
        assertTrue(read("multipart/form-data", ONE.getBytes(UTF_8)).startsWith("400 The body must be"));
        assertTrue(read(TYPE, ONE.getBytes(UTF_8)).startsWith("400 "));
        assertTrue(read(TYPE, "nothing of the kind".getBytes(UTF_8)).startsWith("400 "));
        assertTrue(read(TYPE, (ONE + ONE + ONE + ONE + "--XyZ--\r\n").getBytes(UTF_8))
                .startsWith("400 "));
        var header = "--XyZ\r\nX: " + "y".repeat(20_000) + "\r\n\r\nhello\r\n--XyZ--\r\n";
        assertTrue(read(TYPE, header.getBytes(UTF_8)).startsWith("400 "));
    }

    @Test
    void handsOutWhatTheReceiverThrows() throws Exception {
        var body = ONE.replace("a%2Fb%20c.txt", "refused") + "--XyZ--\r\n";
        assertEquals("409 refused", read(TYPE, body.getBytes(UTF_8)));
        assertEquals("410 crashed", read(TYPE, body.replace("refused", "crash").getBytes(UTF_8)));
    }

    @Test
    void survivesNoise() throws Exception {
        var random = new SplittableRandom(7);
        for (var i = 0; i < 200; i++) {
            var body = (ONE + "--XyZ--\r\n").getBytes(StandardCharsets.ISO_8859_1);
            for (var j = random.nextInt(4); j >= 0; j--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            var answer = read(TYPE, body);
            assertTrue(answer.startsWith("200 ") || answer.startsWith("400 "), answer);
        }
    }

    /** Comes in pieces of odd sizes. */
    private static final class Dripping extends InputStream {

        private final ByteArrayInputStream bytes;
        private int size = 1;

        Dripping(byte[] bytes) {
            this.bytes = new ByteArrayInputStream(bytes);
        }

        @Override
        public int read() {
            return bytes.read();
        }

        @Override
        public int read(byte[] target, int from, int length) {
            size = size % 7 + 1;
            return bytes.read(target, from, Math.min(length, size));
        }
    }
}
