package io.slipway.manager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.metrics.api.Figure.Sample;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MetricsTest {

    private final GatewayUnderTest gateway = new GatewayUnderTest();

    @AfterEach
    void stop() {
        gateway.close();
    }

    private Map<String, Double> requests() {
        return gateway.counts.figures().getFirst().samples().stream()
                .collect(Collectors.toMap(MetricsTest::key, Sample::value));
    }

    private static String key(Sample sample) {
        return sample.labels().get("method") + " " + sample.labels().get("route") + " "
                + sample.labels().get("status");
    }

    @Test
    void superadminsAloneSeeTheFigures() throws Exception {
        var page = gateway.get(Fakes.SUPERADMIN, "/metrics");
        assertEquals(200, page.status());
        assertEquals("text/plain; version=0.0.4", page.header("Content-Type").orElseThrow());
        assertEquals("401 auth-failed", gateway.get(Fakes.USER, "/metrics").problem());
        assertTrue(gateway.send(gateway.request("GET", "/metrics", "")).status() >= 400);
    }

    @Test
    void requestsCountByDeclaredRouteAndStatus() throws Exception {
        gateway.get(Fakes.USER, "/auth/test?echo=a");
        gateway.get(Fakes.USER, "/auth/test?echo=b");
        gateway.get(Fakes.USER, "/auth/test");
        gateway.get(Fakes.USER, "/session/nobody");
        gateway.send(gateway.request("GET", "/what/is/this", ""));
        assertEquals(
                Map.of(
                        "GET /auth/test 200", 2.0,
                        "GET /auth/test 400", 1.0,
                        "GET /session/{session} 404", 1.0,
                        " none 404", 1.0),
                requests());
        assertTrue(gateway.get(Fakes.SUPERADMIN, "/metrics").raw().body().contains("slipway_http_request_seconds{"));
    }

    @Test
    void collectorsHaveAPortOfTheirOwnWithNothingElseOnIt() throws Exception {
        var port = new MetricsPort(new FakeExposition(gateway.counts), 0);
        var base = "http://127.0.0.1:" + port.listen();
        try (var client = HttpClient.newHttpClient()) {
            gateway.get(Fakes.USER, "/session/runs0001");
            var page = client.send(
                    HttpRequest.newBuilder(URI.create(base + "/metrics")).build(), BodyHandlers.ofString());
            assertEquals(200, page.statusCode());
            assertTrue(page.body().contains("slipway_http_requests{"), page::body);
            var other = HttpRequest.newBuilder(URI.create(base + "/session")).build();
            assertEquals(404, client.send(other, BodyHandlers.ofString()).statusCode());
            var post = HttpRequest.newBuilder(URI.create(base + "/metrics"))
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build();
            assertEquals(405, client.send(post, BodyHandlers.ofString()).statusCode());
        } finally {
            port.stop();
        }
    }
}
