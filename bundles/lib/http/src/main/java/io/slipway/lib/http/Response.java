package io.slipway.lib.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A response. Immutable.
 *
 * @param status HTTP status, 200 to 599
 * @param headers in order; without {@code Content-Length}, {@code Transfer-Encoding} and {@code Connection}, which the
 *     server sets
 * @param body what follows
 */
public record Response(int status, List<Header> headers, ResponseBody body) implements Answer {

    private static final Header JSON = new Header("Content-Type", "application/json");
    private static final Header TEXT = new Header("Content-Type", "text/plain; charset=utf-8");

    /**
     * Copies and checks.
     *
     * @throws IllegalArgumentException if the status is out of range
     */
    public Response {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status " + status + " is not within 200 to 599");
        }
        headers = List.copyOf(headers);
    }

    /** Returns a response without a body. */
    public static Response empty(int status) {
        return new Response(status, List.of(), ResponseBody.none());
    }

    /** Returns a response with JSON text in UTF-8; the bytes are not copied and must not change. */
    public static Response json(int status, byte[] body) {
        return new Response(status, List.of(JSON), ResponseBody.of(body));
    }

    /** Returns a response with plain text. */
    public static Response text(int status, String body) {
        return new Response(status, List.of(TEXT), ResponseBody.of(body.getBytes(StandardCharsets.UTF_8)));
    }

    /** Returns the same response with further headers. */
    public Response with(List<Header> further) {
        var all = new ArrayList<Header>(headers.size() + further.size());
        all.addAll(headers);
        all.addAll(further);
        return new Response(status, all, body);
    }
}
