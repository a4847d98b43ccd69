package io.slipway.lib.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** One request as it came. Belongs to the thread that handles it and ends with it. */
@ProviderType
public interface Request {

    /** Returns the method as on the request line, such as {@code GET}. */
    String method();

    /** Returns path and query exactly as on the request line, still encoded, such as {@code /a%20b?c=d}. */
    String target();

    /** Returns the path as on the request line, still encoded, starting with {@code /}. */
    String path();

    /** Returns what follows the {@code ?}, still encoded; empty if there is nothing. */
    String rawQuery();

    /** Returns the {@code Host} header; empty if there is none. */
    String host();

    /** Returns the first header of this name, which is looked up without regard to case. */
    Optional<String> header(String name);

    /** Returns all headers of this name, in their order, one per line of the request; the name as for {@link #header}. */
    List<String> headers(String name);

    /** Returns the address of the other end of the connection, without port. */
    String peer();

    /** Returns whether it asks to become a WebSocket. */
    boolean wantsWebSocket();

    /** Returns whether the server stops; a handler that waits should then answer with what it has. */
    boolean isServerStopping();

    /** Returns whether a body was announced, by a length above zero or in chunks; whatever the method. */
    boolean hasBody();

    /**
     * Reads the whole body; again the same bytes when called again. Blocks.
     *
     * @return the bytes, empty without a body
     * @throws BodyTooLargeException if it is above the limit of the server
     * @throws IOException if the client broke off or was too slow
     * @throws IllegalStateException after {@link #bodyStream}
     */
    byte[] body() throws IOException;

    /**
     * Returns the body to be read piece by piece; reads block. The server's limit does not apply.
     *
     * @throws IllegalStateException after {@link #body}
     */
    InputStream bodyStream();
}
