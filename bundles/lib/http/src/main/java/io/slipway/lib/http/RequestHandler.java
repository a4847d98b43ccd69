package io.slipway.lib.http;

import java.io.IOException;

/** What answers the requests of a server. Thread-safe: each request has a virtual thread of its own. */
public interface RequestHandler {

    /**
     * Answers a request; may block.
     *
     * @throws IOException if the client is gone or broke off its body; no response is sent then
     */
    Answer handle(Request request) throws IOException;

    /**
     * Shapes an answer to what never became a request, or failed in the handler: bad syntax (400), header too large
     * (431), the server is stopping (503), an exception out of {@link #handle} (500). Must not throw.
     *
     * @param status the status to send
     * @param reason a few words, fit for strangers
     */
    Response refuse(int status, String reason);
}
