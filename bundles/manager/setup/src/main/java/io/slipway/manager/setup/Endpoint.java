package io.slipway.manager.setup;

import org.jspecify.annotations.Nullable;

/**
 * Where clients on this machine reach the gateway.
 *
 * @param host name or address, as in a URL
 * @param port 1 to 65535
 */
record Endpoint(String host, int port) {

    static final Endpoint DEFAULT = new Endpoint("127.0.0.1", 8091);

    Endpoint {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " of the gateway is not 1 to 65535");
        }
    }

    /**
     * Reads the gateway's settings.
     *
     * @param host address it listens on; one that means all addresses is reached by loopback; null for the default
     * @param port number or text; null for the default
     */
    static Endpoint of(@Nullable Object host, @Nullable Object port) {
        return new Endpoint(
                host == null || host.toString().isBlank()
                        ? DEFAULT.host()
                        : reachable(host.toString().strip()),
                port == null || port.toString().isBlank()
                        ? DEFAULT.port()
                        : Integer.parseInt(port.toString().strip()));
    }

    private static String reachable(String host) {
        return switch (host) {
            case "0.0.0.0", "*" -> DEFAULT.host();
            case "::", "[::]" -> "[::1]";
            default -> host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        };
    }

    String url() {
        return "http://" + host + ":" + port;
    }
}
