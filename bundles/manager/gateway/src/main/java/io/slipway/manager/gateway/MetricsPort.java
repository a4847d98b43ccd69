package io.slipway.manager.gateway;

import io.slipway.lib.http.Answer;
import io.slipway.lib.http.HttpServer;
import io.slipway.lib.http.HttpServerSettings;
import io.slipway.lib.http.Request;
import io.slipway.lib.http.RequestHandler;
import io.slipway.lib.http.Response;
import io.slipway.metrics.api.Exposition;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the figures to a collector on this machine, on a loopback port of their own and without a signature. */
@Component(
        configurationPid = "io.slipway.manager.gateway.metrics",
        service = {},
        immediate = true)
@Designate(ocd = MetricsPort.Config.class)
public final class MetricsPort implements RequestHandler {

    /** Operator settings. */
    @ObjectClassDefinition(name = "Slipway manager gateway: figures")
    public @interface Config {
        @AttributeDefinition(
                description = "Loopback port that serves GET /metrics without a signature, to every user of this"
                        + " machine; 0 for none. Superadmins have the signed GET /metrics of the API anyway",
                min = "0",
                max = "65535")
        int port() default 0;
    }

    private static final Logger LOG = LoggerFactory.getLogger(MetricsPort.class);
    private static final HttpServerSettings.Limits LIMITS = new HttpServerSettings.Limits(16, 8_192, 1_024);

    private final Exposition exposition;
    private final int port;
    // set and cleared by the component runtime, one call at a time
    private @Nullable HttpServer server;

    /** Used by the component runtime. */
    @Activate
    public MetricsPort(@Reference Exposition exposition, Config config) {
        this(exposition, config.port());
    }

    MetricsPort(Exposition exposition, int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not within 0 to 65535");
        }
        this.exposition = exposition;
        this.port = port;
    }

    @Activate
    void start() {
        if (port != 0) {
            listen();
        }
    }

    /** Listens; a failure keeps the component off. Returns the port. */
    int listen() {
        try {
            var started = HttpServer.start(
                    new HttpServerSettings(
                            "metrics", "127.0.0.1", port, LIMITS, Duration.ofSeconds(30), Duration.ofSeconds(2)),
                    this);
            server = started;
            LOG.info("Figures are served on http://127.0.0.1:{}{}", started.port(), MetricsRoutes.PATH);
            return started.port();
        } catch (IOException e) {
            LOG.error(
                    "Figures are not served: {}. Free the port or set another one in io.slipway.manager.gateway.metrics.cfg",
                    e.getMessage());
            throw new IllegalStateException("Figures are not served: " + e.getMessage(), e);
        }
    }

    @Deactivate
    void stop() {
        var running = server;
        server = null;
        if (running != null) {
            running.close();
        }
    }

    @Override
    public Answer handle(Request request) {
        if (!request.path().equals(MetricsRoutes.PATH)) {
            return refuse(404, "Only " + MetricsRoutes.PATH + " is here");
        }
        return request.method().equals("GET") ? MetricsRoutes.page(exposition, request) : refuse(405, "Only GET");
    }

    @Override
    public Response refuse(int status, String reason) {
        return Response.text(status, reason + "\n");
    }
}
