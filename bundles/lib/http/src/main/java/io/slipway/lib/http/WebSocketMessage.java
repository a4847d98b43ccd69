package io.slipway.lib.http;

import java.nio.ByteBuffer;

/** A whole message of a client. */
public sealed interface WebSocketMessage {

    /**
     * Text.
     *
     * @param text may be empty
     */
    record Text(String text) implements WebSocketMessage {}

    /**
     * Bytes.
     *
     * @param bytes owned by the receiver
     */
    record Binary(ByteBuffer bytes) implements WebSocketMessage {}
}
