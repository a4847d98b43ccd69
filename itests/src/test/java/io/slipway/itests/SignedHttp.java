package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Signs requests as the wire protocol says, one keypair each. */
final class SignedHttp {

    static final String VERSION = "v8.20240915";
    private static final String EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSxxx");

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final URI endpoint;
    private final String accessKey;
    private final String secretKey;

    SignedHttp(URI endpoint, String accessKey, String secretKey) {
        this.endpoint = endpoint;
        this.accessKey = accessKey;
        this.secretKey = secretKey;
    }

    static SignedHttp admin(Installation installation) {
        return of(installation.clientEnvironment(), "BACKEND");
    }

    static SignedHttp user(Installation installation) {
        return of(installation.clientEnvironment(), "USER_BACKEND");
    }

    private static SignedHttp of(Map<String, String> environment, String prefix) {
        return new SignedHttp(
                URI.create(environment.get("BACKEND_ENDPOINT")),
                environment.get(prefix + "_ACCESS_KEY"),
                environment.get(prefix + "_SECRET_KEY"));
    }

    /** Sends a signed request now. */
    HttpResponse<String> send(String method, String target, @Nullable String json) {
        return send(method, target, json, OffsetDateTime.now(ZoneOffset.UTC));
    }

    /** Sends a request signed for a moment. */
    HttpResponse<String> send(String method, String target, @Nullable String json, OffsetDateTime date) {
        var text = DATE.format(date);
        var contentType = json == null ? "text/plain" : "application/json";
        var body = json == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(json, StandardCharsets.UTF_8);
        return deliver(HttpRequest.newBuilder(endpoint.resolve(target))
                .timeout(Duration.ofSeconds(90))
                .header("Date", text)
                .header("Content-Type", contentType)
                .header("X-BackendAI-Version", VERSION)
                .header("Authorization", authorization(method, target, text, contentType, date))
                .method(method, body)
                .build());
    }

    /** Opens a stream of events after one, or from now on if that is empty; its lines come as they are told. */
    Stream<String> events(String target, String lastEvent) {
        return new BufferedReader(new InputStreamReader(eventBytes(target, lastEvent), StandardCharsets.UTF_8)).lines();
    }

    /** Opens a stream of events as {@link #events}; may be closed while another thread reads. */
    InputStream eventBytes(String target, String lastEvent) {
        var now = OffsetDateTime.now(ZoneOffset.UTC);
        var request = HttpRequest.newBuilder(endpoint.resolve(target))
                .timeout(Duration.ofSeconds(30))
                .header("Date", DATE.format(now))
                .header("Accept", "text/event-stream")
                .header("Content-Type", "text/plain")
                .header("X-BackendAI-Version", VERSION)
                .header("Authorization", authorization("GET", target, DATE.format(now), "text/plain", now));
        if (!lastEvent.isEmpty()) {
            request.header("Last-Event-ID", lastEvent);
        }
        try {
            var response = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            assertEquals(200, response.statusCode(), target);
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Sends a file as the one part of a form, signed now. */
    HttpResponse<String> upload(String target, Path file) {
        try {
            return upload(target, file.getFileName().toString(), HttpRequest.BodyPublishers.ofFile(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same of a text, as a file of any name. */
    HttpResponse<String> upload(String target, String name, String content) {
        return upload(target, name, HttpRequest.BodyPublishers.ofString(content));
    }

    private HttpResponse<String> upload(String target, String name, HttpRequest.BodyPublisher content) {
        var now = OffsetDateTime.now(ZoneOffset.UTC);
        var head = "--part\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name
                + "\"\r\nContent-Type: application/octet-stream\r\n\r\n";
        return deliver(HttpRequest.newBuilder(endpoint.resolve(target))
                .timeout(Duration.ofSeconds(90))
                .header("Date", DATE.format(now))
                .header("Content-Type", "multipart/form-data; boundary=part")
                .header("X-BackendAI-Version", VERSION)
                .header("Authorization", authorization("POST", target, DATE.format(now), "multipart/form-data", now))
                .POST(HttpRequest.BodyPublishers.concat(
                        HttpRequest.BodyPublishers.ofString(head),
                        content,
                        HttpRequest.BodyPublishers.ofString("\r\n--part--\r\n")))
                .build());
    }

    /** Opens a WebSocket, signed now. */
    WebSocket socket(String target, WebSocket.Listener listener) {
        return asked(target, OffsetDateTime.now(ZoneOffset.UTC), listener).join();
    }

    /** Asks for a WebSocket that is not given, signed for a moment or, without one, not at all; returns the refusal. */
    HttpResponse<?> refusedSocket(String target, @Nullable OffsetDateTime date) {
        var asked = asked(target, date, new WebSocket.Listener() {});
        var failure = assertThrows(CompletionException.class, asked::join);
        return assertInstanceOf(WebSocketHandshakeException.class, failure.getCause())
                .getResponse();
    }

    private CompletableFuture<WebSocket> asked(
            String target, @Nullable OffsetDateTime date, WebSocket.Listener listener) {
        var contentType = "application/octet-stream";
        var request = http.newWebSocketBuilder()
                .connectTimeout(Duration.ofSeconds(10))
                .header("Content-Type", contentType)
                .header("X-BackendAI-Version", VERSION)
                .header("Date", DATE.format(date == null ? OffsetDateTime.now(ZoneOffset.UTC) : date));
        if (date != null) {
            request.header("Authorization", authorization("GET", target, DATE.format(date), contentType, date));
        }
        var address = endpoint.resolve(target).toString();
        return request.buildAsync(URI.create("ws" + address.substring("http".length())), listener);
    }

    /** Sends a request with all but a signature. */
    HttpResponse<String> sendUnsigned(String method, String target) {
        return deliver(HttpRequest.newBuilder(endpoint.resolve(target))
                .timeout(Duration.ofSeconds(30))
                .header("Date", DATE.format(OffsetDateTime.now(ZoneOffset.UTC)))
                .header("X-BackendAI-Version", VERSION)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build());
    }

    private HttpResponse<String> deliver(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private String authorization(
            String method, String target, String dateText, String contentType, OffsetDateTime date) {
        var host = endpoint.getAuthority();
        var toSign = String.join(
                "\n",
                method,
                target,
                dateText,
                "host:" + host,
                "content-type:" + contentType,
                "x-backendai-version:" + VERSION,
                EMPTY_SHA256);
        var day = hmac(
                secretKey.getBytes(StandardCharsets.UTF_8),
                date.format(DateTimeFormatter.BASIC_ISO_DATE).substring(0, 8));
        var signature = HexFormat.of().formatHex(hmac(hmac(day, host), toSign));
        return "BackendAI signMethod=HMAC-SHA256, credential=" + accessKey + ":" + signature;
    }

    /** Posts, signed now; reads the answer without keeping it, breaks off after so many bytes, returns how many it read. */
    long count(String target, String json, long most) {
        var now = OffsetDateTime.now(ZoneOffset.UTC);
        var request = HttpRequest.newBuilder(endpoint.resolve(target))
                .header("Date", DATE.format(now))
                .header("Content-Type", "application/json")
                .header("X-BackendAI-Version", VERSION)
                .header("Authorization", authorization("POST", target, DATE.format(now), "application/json", now))
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
        try {
            var response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (var body = response.body()) {
                if (response.statusCode() != 200) {
                    throw new AssertionError(response.statusCode() + " to " + target);
                }
                var buffer = new byte[1 << 16];
                var count = 0L;
                for (var read = body.read(buffer); read >= 0 && count < most; read = body.read(buffer)) {
                    count += read;
                }
                return count;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static byte[] hmac(byte[] key, String message) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(message.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
