package io.slipway.lib.http;

import java.io.IOException;

/** Speaks on one WebSocket. */
@FunctionalInterface
public interface WebSocketHandler {

    /**
     * Speaks until it is done or the server stops, on a virtual thread of its own. When it returns, the connection is
     * closed with 1000, or 1001 if the server stops; after an exception with 1011.
     *
     * @throws IOException if the client is gone; that is no error
     */
    void speak(WebSocketConnection connection) throws IOException;
}
