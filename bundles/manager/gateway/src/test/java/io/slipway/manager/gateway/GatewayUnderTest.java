package io.slipway.manager.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.slipway.lib.http.HttpServerSettings;
import io.slipway.model.failure.SlipwayException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** A real gateway on a free port, over fakes, with a client that signs. */
final class GatewayUnderTest implements AutoCloseable {

    final FakeSessions sessions = new FakeSessions();
    final FakeExecution execution = new FakeExecution();
    final FakeFiles files = new FakeFiles();
    final FakeEvents events = new FakeEvents();
    final FakeTasks tasks = new FakeTasks();
    final Fakes.Keys keys = new Fakes.Keys();
    final Fakes.Config config = new Fakes.Config();
    final FakePlugins plugins = new FakePlugins();
    final RequestCounts counts = new RequestCounts();
    final Fakes.Agents agents = new Fakes.Agents();
    final List<String> callbackUrls = new CopyOnWriteArrayList<>();
    /** How far the server's clock is ahead of its clients'. */
    final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    /** When streams of events begin. */
    final AtomicReference<Instant> streamsBegin = new AtomicReference<>(Samples.CREATED_AT.plusSeconds(30));

    private final HttpClient client = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final Gateway gateway;

    GatewayUnderTest() {
        var identities = new Fakes.Identities();
        InstantSource clock = () -> Instant.now().plus(ahead.get());
        var limits = new HttpServerSettings.Limits(500, 16_384, 65_536);
        var settings = new HttpServerSettings(
                "gateway", "127.0.0.1", 0, limits, Duration.ofSeconds(30), Duration.ofSeconds(4));
        gateway = new Gateway(
                settings,
                keys,
                Gateway.trusted(new String[] {"127.0.0.0/8, ::1/128"}),
                new Maintenance(config)
                        .guard(Stream.of(
                                        new AuthRoutes(identities).routes(),
                                        new ClusterRoutes(config, agents, identities, sessions).routes(),
                                        new SessionRoutes(
                                                        sessions,
                                                        identities,
                                                        this::expect,
                                                        agents,
                                                        clock,
                                                        Duration.ofSeconds(10),
                                                        Duration.ofMillis(100))
                                                .routes(),
                                        new ExecutionRoutes(
                                                        execution,
                                                        sessions,
                                                        identities,
                                                        new StreamPlaces("WebSockets", 10, 3))
                                                .routes(),
                                        new FileRoutes(files, sessions, identities, 1_000, 3).routes(),
                                        new EventRoutes(
                                                        events,
                                                        sessions,
                                                        tasks,
                                                        identities,
                                                        new StreamPlaces("event streams", 10, 2),
                                                        Duration.ofMillis(50),
                                                        streamsBegin::get)
                                                .routes(),
                                        new GraphQlRoutes(new Fakes.GraphQl()).routes(),
                                        new PluginRoutes(plugins.desk(), tasks).routes(),
                                        new MetricsRoutes(new FakeExposition(counts)).routes())
                                .flatMap(List::stream)
                                .toList()),
                counts,
                clock);
        gateway.start();
    }

    Gateway gateway() {
        return gateway;
    }

    int port() {
        return gateway.port();
    }

    String host() {
        return "127.0.0.1:" + gateway.port();
    }

    /** What came back. */
    record Reply(int status, JsonNode body, HttpResponse<String> raw) {

        String type() {
            var type = body.path("type").asText();
            return type.substring(type.lastIndexOf('/') + 1);
        }

        String problem() {
            return status + " " + type();
        }

        Optional<String> header(String name) {
            return raw.headers().firstValue(name);
        }
    }

    Reply get(Fakes.TestKey key, String target) throws IOException, InterruptedException {
        return send(signed(key, "GET", target, ""));
    }

    Reply call(Fakes.TestKey key, String method, String target, String body) throws IOException, InterruptedException {
        return send(signed(key, method, target, body));
    }

    Reply send(HttpRequest.Builder request) throws IOException, InterruptedException {
        var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        var isJson = answer.headers().firstValue("Content-Type").orElse("").contains("json");
        return new Reply(answer.statusCode(), isJson ? json.readTree(answer.body()) : json.nullNode(), answer);
    }

    HttpRequest.Builder request(String method, String target, String body) {
        return HttpRequest.newBuilder(URI.create("http://" + host() + target))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(Duration.ofSeconds(20))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
    }

    /** Signs as the genuine client does. */
    HttpRequest.Builder signed(Fakes.TestKey key, String method, String target, String body) {
        var type = body.isEmpty() ? "text/plain" : "application/json";
        var date = OffsetDateTime.now(ZoneOffset.UTC);
        return request(method, target, body)
                .header("Content-Type", type)
                .header("Date", date.toString())
                .header("X-BackendAI-Version", "v8.20240915")
                .header("Authorization", authorization(key, method, target, date, type));
    }

    String authorization(Fakes.TestKey key, String method, String target, OffsetDateTime date, String type) {
        var text = String.join(
                "\n",
                method,
                target,
                date.toString(),
                "host:" + host(),
                "content-type:" + type,
                "x-backendai-version:v8.20240915",
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        var signature =
                SignatureCheck.signature(key.text().getBytes(UTF_8), date, host(), text, Authorization.Hash.SHA256);
        return "BackendAI signMethod=HMAC-SHA256, credential=" + key.accessKey() + ":" + signature;
    }

    /** Sends a signed GET that the usual client would refuse to send; returns the answer as text. */
    String raw(Fakes.TestKey key, String target) throws IOException {
        var date = OffsetDateTime.now(ZoneOffset.UTC);
        var request = String.join(
                "\r\n",
                "GET " + target + " HTTP/1.1",
                "Host: " + host(),
                "Connection: close",
                "Content-Type: text/plain",
                "Date: " + date,
                "X-BackendAI-Version: v8.20240915",
                "Authorization: " + authorization(key, "GET", target, date, "text/plain"),
                "",
                "");
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.getOutputStream().write(request.getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    HttpClient client() {
        return client;
    }

    @Override
    public void close() {
        client.shutdownNow();
        gateway.stop();
        plugins.close();
    }

    private void expect(String url) {
        if (!url.startsWith("https:")) {
            throw SlipwayException.invalid("callback_url", "must begin with https:");
        }
        callbackUrls.add(url);
    }
}
