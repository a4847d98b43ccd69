package io.slipway.lib.http;

import java.io.IOException;

/** The connection is closed, by whichever end; nothing more can be received or sent. */
public final class WebSocketClosedException extends IOException {

    private static final long serialVersionUID = 1L;

    /** Creates the failure; the message says who closed it and why. */
    public WebSocketClosedException(String message) {
        super(message);
    }
}
