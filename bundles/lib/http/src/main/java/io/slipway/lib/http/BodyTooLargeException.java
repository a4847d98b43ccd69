package io.slipway.lib.http;

/** A body above the limit of the server; answer 413. */
public final class BodyTooLargeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Creates the failure; the limit is in bytes. */
    public BodyTooLargeException(long limit) {
        super("The body is larger than " + limit + " bytes");
    }
}
