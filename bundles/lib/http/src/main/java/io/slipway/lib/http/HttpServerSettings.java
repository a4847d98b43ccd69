package io.slipway.lib.http;

import java.time.Duration;

/**
 * How a server serves.
 *
 * @param name for thread names and the log, such as {@code gateway}
 * @param host address to listen on
 * @param port port to listen on, 0 for any free one
 * @param limits what clients may use up
 * @param idleTimeout a connection that is silent for longer is closed
 * @param stopPatience how long requests may go on after {@link HttpServer#close}
 */
public record HttpServerSettings(
        String name, String host, int port, Limits limits, Duration idleTimeout, Duration stopPatience) {

    /**
     * Checks.
     *
     * @throws IllegalArgumentException if the port is out of range or a duration is not above zero
     */
    public HttpServerSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not within 0 to 65535");
        }
        if (!idleTimeout.isPositive() || !stopPatience.isPositive()) {
            throw new IllegalArgumentException("idleTimeout " + idleTimeout + ", stopPatience " + stopPatience);
        }
    }

    /** Returns settings with usual limits. */
    public static HttpServerSettings of(String name, String host, int port) {
        return new HttpServerSettings(name, host, port, Limits.USUAL, Duration.ofSeconds(60), Duration.ofSeconds(4));
    }

    /**
     * What clients may use up.
     *
     * @param connections open at once; further ones wait until one closes
     * @param headerBytes of one request, line included
     * @param bodyBytes of one request read by {@link Request#body}
     */
    public record Limits(int connections, int headerBytes, int bodyBytes) {

        /** 8,192 connections, 16 KiB of headers, 8 MiB of body. */
        public static final Limits USUAL = new Limits(8_192, 16_384, 8_388_608);

        /**
         * Checks.
         *
         * @throws IllegalArgumentException if one is not above zero
         */
        public Limits {
            if (connections < 1 || headerBytes < 1 || bodyBytes < 1) {
                throw new IllegalArgumentException(
                        "limits must be above zero: " + connections + ", " + headerBytes + ", " + bodyBytes);
            }
        }
    }
}
