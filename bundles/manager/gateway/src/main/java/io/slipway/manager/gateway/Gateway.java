package io.slipway.manager.gateway;

import io.slipway.lib.http.HttpServer;
import io.slipway.lib.http.HttpServerSettings;
import io.slipway.lib.http.Route;
import io.slipway.lib.http.RouteTable;
import io.slipway.manager.api.Credentials;
import io.slipway.model.setting.IpNetwork;
import io.slipway.model.setting.ListSetting;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
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

/** Serves the manager's REST, GraphQL and WebSocket routes; {@link Areas} is the list of them. */
@Component(
        configurationPid = "io.slipway.manager.gateway",
        service = {},
        immediate = true)
@Designate(ocd = Gateway.Config.class)
public final class Gateway {

    /** Operator settings. */
    @ObjectClassDefinition(name = "Slipway manager gateway")
    public @interface Config {
        @AttributeDefinition(description = "Address to listen on; anything but loopback needs a TLS proxy in front")
        String host() default "127.0.0.1";

        @AttributeDefinition(description = "Port to listen on; 0 for any free one", min = "0", max = "65535")
        int port() default 8091;

        @AttributeDefinition(description = "Connections open at once", min = "1")
        int maxConnections() default 8_192;

        @AttributeDefinition(description = "Largest body of a request, in bytes", min = "1024")
        int maxBodyBytes() default 8_388_608;

        @AttributeDefinition(description = "Largest head of a request, in bytes", min = "1024")
        int maxHeaderBytes() default 16_384;

        @AttributeDefinition(description = "Silence after which a connection is closed, in milliseconds", min = "1000")
        long idleTimeoutMillis() default 60_000;

        @AttributeDefinition(
                description = "Networks (CIDR) of proxies whose X-Forwarded-For is believed; loopback by default")
        String[] trustedProxies() default {"127.0.0.0/8", "::1/128"};
    }

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(4);

    private final HttpServerSettings settings;
    private final RouteTable<AccessRule, Endpoint> routes;
    private final Dispatcher dispatcher;
    // set and cleared by the component runtime, one call at a time
    private @Nullable HttpServer server;

    /** Used by the component runtime. */
    @Activate
    public Gateway(
            Config config,
            @Reference Credentials credentials,
            @Reference Areas areas,
            @Reference RequestCounts counts) {
        this(
                settings(config),
                credentials,
                trusted(config.trustedProxies()),
                areas.routes(),
                counts,
                InstantSource.system());
    }

    Gateway(
            HttpServerSettings settings,
            Credentials credentials,
            List<IpNetwork> trustedProxies,
            List<Route<AccessRule, Endpoint>> routes,
            RequestCounts counts,
            InstantSource clock) {
        this.settings = settings;
        this.routes = new RouteTable<>(routes);
        var signatures = new SignatureCheck(credentials, new ClientAddress(trustedProxies), clock);
        this.dispatcher = new Dispatcher(this.routes, signatures, new RateLimiter(clock), counts);
    }

    /** Listens; a failure keeps the component off. */
    @Activate
    void start() {
        try {
            var started = HttpServer.start(settings, dispatcher);
            server = started;
            LOG.info("The API is served on http://{}:{}", settings.host(), started.port());
        } catch (IOException e) {
            LOG.error(
                    "The API is not served: {}. Free the port or set another one in io.slipway.manager.gateway.cfg",
                    e.getMessage());
            throw new IllegalStateException("The API is not served: " + e.getMessage(), e);
        }
    }

    /** Ends requests in progress and stops to listen. */
    @Deactivate
    void stop() {
        var running = server;
        server = null;
        if (running != null) {
            running.close();
        }
    }

    /** Returns the port that it listens on. */
    int port() {
        var running = server;
        if (running == null) {
            throw new IllegalStateException("not started");
        }
        return running.port();
    }

    /** Returns the one table of all routes. */
    RouteTable<AccessRule, Endpoint> routes() {
        return routes;
    }

    static HttpServerSettings settings(Config config) {
        var limits = new HttpServerSettings.Limits(
                atLeast("maxConnections", config.maxConnections(), 1),
                atLeast("maxHeaderBytes", config.maxHeaderBytes(), 1_024),
                atLeast("maxBodyBytes", config.maxBodyBytes(), 1_024));
        if (config.idleTimeoutMillis() < 1_000) {
            throw new IllegalArgumentException("idleTimeoutMillis " + config.idleTimeoutMillis() + " is below 1000");
        }
        if (config.port() < 0 || config.port() > 65_535) {
            throw new IllegalArgumentException("port " + config.port() + " is not within 0 to 65535");
        }
        return new HttpServerSettings(
                "gateway",
                config.host(),
                config.port(),
                limits,
                Duration.ofMillis(config.idleTimeoutMillis()),
                STOP_PATIENCE);
    }

    static List<IpNetwork> trusted(String[] networks) {
        return ListSetting.values(networks).stream()
                .map(text -> IpNetwork.parse(text)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "trustedProxies: '" + text + "' is no network such as 10.0.0.0/8")))
                .toList();
    }

    private static int atLeast(String key, int value, int min) {
        if (value < min) {
            throw new IllegalArgumentException(key + " " + value + " is below " + min);
        }
        return value;
    }
}
