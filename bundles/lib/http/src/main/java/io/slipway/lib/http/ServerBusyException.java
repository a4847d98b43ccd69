package io.slipway.lib.http;

/** What a request needs is taken by others; answer 503. */
public final class ServerBusyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Creates the failure. */
    public ServerBusyException(String message) {
        super(message);
    }
}
