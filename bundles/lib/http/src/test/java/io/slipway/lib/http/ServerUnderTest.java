package io.slipway.lib.http;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A server on a free port whose handling a test sets, with a client. */
final class ServerUnderTest implements RequestHandler, AutoCloseable {

    volatile Handling handling = request -> Response.text(200, "ok");

    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpServer server;

    ServerUnderTest(Duration idle) {
        var limits = new HttpServerSettings.Limits(500, 16_384, 65_536);
        try {
            server = HttpServer.start(
                    new HttpServerSettings("test", "127.0.0.1", 0, limits, idle, Duration.ofSeconds(2)), this);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.port();
    }

    HttpRequest.Builder request() {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/x"))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(Duration.ofSeconds(20));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public Answer handle(Request request) throws IOException {
        return handling.handle(request);
    }

    @Override
    public Response refuse(int status, String reason) {
        return Response.text(status, "shaped " + status + " " + reason).with(List.of(new Header("X-Shaped", "yes")));
    }

    @Override
    public void close() {
        client.shutdownNow();
        server.close();
    }

    interface Handling {
        Answer handle(Request request) throws IOException;
    }
}
