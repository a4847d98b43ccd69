package io.slipway.lib.http.jetty;

import io.slipway.lib.http.HttpServerSettings;
import io.slipway.lib.http.RequestHandler;
import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One Jetty with one connector. A few platform threads do the I/O, virtual threads the work. */
public final class JettyServer {

    private static final Logger LOG = LoggerFactory.getLogger(JettyServer.class);

    // one acceptor is enough; each selector serves thousands of connections
    private static final int SELECTORS = 2;
    private static final int IO_THREADS = 12;
    private static final int OUTPUT_BUFFER_BYTES = 32_768;
    private static final Duration GOODBYE_PATIENCE = Duration.ofMillis(500);

    private final HttpServerSettings settings;
    private final Server server;
    private final ServerConnector connector;
    private final OpenSockets open = new OpenSockets();

    /** Wires a server; nothing listens yet. */
    public JettyServer(HttpServerSettings settings, RequestHandler handler) {
        this.settings = settings;
        this.server = new Server(ioThreads(settings), new ScheduledExecutorScheduler("slipway-http-timer", true), null);
        this.connector = new ServerConnector(server, 1, SELECTORS, new HttpConnectionFactory(configuration(settings)));
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        connector.setIdleTimeout(settings.idleTimeout().toMillis());
        connector.setShutdownIdleTimeout(GOODBYE_PATIENCE.toMillis());
        connector.setAcceptQueueSize(1_024);
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(settings.limits().connections(), connector));
        var sockets = ServerWebSocketContainer.ensure(server);
        var threads =
                Thread.ofVirtual().name("slipway-" + settings.name() + "-", 0).factory();
        var exchanges = new ExchangeHandler(
                handler, threads, sockets, open, settings.limits().bodyBytes());
        server.setHandler(new GracefulHandler(exchanges));
        server.setErrorHandler(exchanges::refuse);
        server.setStopTimeout(settings.stopPatience().toMillis());
    }

    /**
     * Listens.
     *
     * @throws IOException if it cannot
     */
    @SuppressWarnings("IllegalCatch") // Jetty's start declares Exception
    public void start() throws IOException {
        try {
            server.start();
        } catch (Exception e) {
            stop();
            throw new IOException("Cannot listen on " + settings.host() + ":" + settings.port() + ": " + reason(e), e);
        }
    }

    /** Returns the port that it listens on. */
    public int port() {
        return connector.getLocalPort();
    }

    /** Stops within the patience of the settings. */
    @SuppressWarnings("IllegalCatch") // Jetty's stop declares Exception; a failed stop must not fail the caller's stop
    public void stop() {
        open.stop(GOODBYE_PATIENCE);
        try {
            server.stop();
        } catch (Exception e) {
            LOG.warn("HTTP server {} did not stop cleanly: {}", settings.name(), e.toString());
        }
    }

    private static QueuedThreadPool ioThreads(HttpServerSettings settings) {
        var pool = new QueuedThreadPool(IO_THREADS, 2);
        pool.setName("slipway-" + settings.name() + "-io");
        pool.setDaemon(true);
        pool.setStopTimeout(GOODBYE_PATIENCE.toMillis());
        return pool;
    }

    private static HttpConfiguration configuration(HttpServerSettings settings) {
        var configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setSendXPoweredBy(false);
        configuration.setRequestHeaderSize(settings.limits().headerBytes());
        configuration.setOutputBufferSize(OUTPUT_BUFFER_BYTES);
        // routes look at encoded segments and decode each by itself, so that nothing is ambiguous to us
        configuration.setUriCompliance(UriCompliance.UNSAFE);
        return configuration;
    }

    private static String reason(Exception failure) {
        Throwable cause = failure;
        while (cause != null) {
            if (cause instanceof BindException) {
                return "the port is taken or not allowed (" + cause.getMessage() + ")";
            }
            cause = cause.getCause();
        }
        return failure.toString();
    }
}
