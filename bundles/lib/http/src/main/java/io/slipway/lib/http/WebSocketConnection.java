package io.slipway.lib.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * An open WebSocket. Pings of the client are answered, and the client is pinged, without anybody's doing. At most a few
 * received messages are kept; the client is slowed down until they are taken. Thread-safe.
 */
@ProviderType
public interface WebSocketConnection {

    /**
     * Takes the next message.
     *
     * @param limit how long to wait
     * @return empty if none came in time or the server stops
     * @throws WebSocketClosedException if it is closed and every message was taken
     * @throws IOException if the thread is interrupted; its flag stays set
     */
    Optional<WebSocketMessage> receive(Duration limit) throws IOException;

    /**
     * Lowers the limit of messages: a larger one that begins from now on closes with 1009.
     *
     * @param maxBytes above zero
     */
    void limitMessages(int maxBytes);

    /**
     * Sends text as one message; returns when it is handed to the network, so that a slow client slows the sender down.
     *
     * @throws IOException if it is closed or the client did not take it in time; it is then closed
     */
    void send(String text) throws IOException;

    /**
     * Sends bytes as one message; otherwise as {@link #send(String)}.
     *
     * @throws IOException as there
     */
    void send(ByteBuffer bytes) throws IOException;

    /** Returns whether the server stops; a talk then has half a second to say goodbye and end. */
    boolean isServerStopping();

    /** Returns whether the client is still there, as far as is known. */
    boolean isOpen();

    /**
     * Closes; nothing happens if it is closed already.
     *
     * @param code a code of RFC 6455, such as 1000 for a normal end
     * @param reason for people, at most 100 characters
     */
    void close(int code, String reason);
}
