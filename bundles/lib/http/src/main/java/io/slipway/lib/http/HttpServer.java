package io.slipway.lib.http;

import io.slipway.lib.http.jetty.JettyServer;
import java.io.IOException;

/** A running server: HTTP/1.1 with keep-alive, and WebSockets. Thread-safe. */
public final class HttpServer implements AutoCloseable {

    private final JettyServer server;

    private HttpServer(JettyServer server) {
        this.server = server;
    }

    /**
     * Starts a server; it listens when this returns.
     *
     * @throws IOException if it cannot listen there, with a message for operators
     */
    public static HttpServer start(HttpServerSettings settings, RequestHandler handler) throws IOException {
        var server = new JettyServer(settings, handler);
        server.start();
        return new HttpServer(server);
    }

    /** Returns the port that it listens on. */
    public int port() {
        return server.port();
    }

    /**
     * Stops: tells WebSockets and waiting requests, accepts no further connection, answers 503 to further requests, lets
     * those in progress end until the patience of the settings is over, then closes what is left. Interrupts nobody.
     * Blocks at most about half a second longer than that patience.
     */
    @Override
    public void close() {
        server.stop();
    }
}
