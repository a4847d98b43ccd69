package io.slipway.lib.http;

import java.time.Duration;

/**
 * Limits of a WebSocket.
 *
 * @param maxMessageBytes the largest message that a client may send; a larger one closes with 1009
 * @param idleTimeout a client that neither sends nor answers pings for longer is dropped; pings go out three times as often
 * @param sendTimeout a client that does not take a message within this is dropped
 */
public record WebSocketSettings(int maxMessageBytes, Duration idleTimeout, Duration sendTimeout) {

    /** Messages of 8 MiB, a minute of silence, half a minute for a send. */
    public static final WebSocketSettings USUAL =
            new WebSocketSettings(8_388_608, Duration.ofSeconds(60), Duration.ofSeconds(30));

    /**
     * Checks.
     *
     * @throws IllegalArgumentException if one is not above zero
     */
    public WebSocketSettings {
        if (maxMessageBytes < 1 || !idleTimeout.isPositive() || !sendTimeout.isPositive()) {
            throw new IllegalArgumentException("limits of a WebSocket must be above zero");
        }
    }
}
