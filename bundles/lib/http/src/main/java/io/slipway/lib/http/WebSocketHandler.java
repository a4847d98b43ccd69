package io.slipway.lib.http;

import java.io.IOException;

/** Speaks on one WebSocket. */
@FunctionalInterface
public interface WebSocketHandler {

    /**
     * Speaks until it is done, on a virtual thread of its own that is interrupted when the server stops. When it
     * returns, the connection is closed with 1000 unless it is already; after an exception with 1011.
     *
     * @throws IOException if the client is gone; that is no error
     */
    void speak(WebSocketConnection connection) throws IOException;
}
