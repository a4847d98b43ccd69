package io.slipway.manager.gateway;

import io.slipway.lib.http.Header;
import io.slipway.lib.http.Request;
import java.util.List;

/**
 * Lets pages of any origin read answers. That gives nothing away: requests are signed by a key that the page must have,
 * the gateway knows no cookies.
 */
final class Cors {

    private static final List<Header> NONE = List.of();

    private Cors() {}

    /** Returns the headers for a request of a page; none for other clients. */
    static List<Header> headers(Request request) {
        var origin = request.header("Origin");
        if (origin.isEmpty() || !isPlain(origin.get())) {
            return NONE;
        }
        var always = List.of(
                new Header("Access-Control-Allow-Origin", origin.get()),
                new Header("Access-Control-Allow-Credentials", "true"),
                new Header("Vary", "Origin"),
                new Header(
                        "Access-Control-Expose-Headers",
                        "Server, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Window"));
        return request.method().equals("OPTIONS") ? preflight(request, always) : always;
    }

    private static List<Header> preflight(Request request, List<Header> always) {
        var all = new java.util.ArrayList<>(always);
        all.add(new Header("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"));
        request.header("Access-Control-Request-Headers")
                .filter(Cors::isPlain)
                .ifPresent(wanted -> all.add(new Header("Access-Control-Allow-Headers", wanted)));
        all.add(new Header("Access-Control-Max-Age", "3600"));
        return all;
    }

    private static boolean isPlain(String text) {
        return text.length() <= 1_024 && text.chars().allMatch(c -> c >= ' ' && c < 0x7f);
    }
}
