package io.slipway.lib.http;

import java.util.List;

/**
 * An answer that turns the connection into a WebSocket. Only for requests that {@link Request#wantsWebSocket}.
 *
 * @param headers sent with the upgrade
 * @param settings limits of the connection
 * @param handler what speaks on it
 */
public record WebSocketUpgrade(List<Header> headers, WebSocketSettings settings, WebSocketHandler handler)
        implements Answer {

    /** Copies. */
    public WebSocketUpgrade {
        headers = List.copyOf(headers);
    }
}
