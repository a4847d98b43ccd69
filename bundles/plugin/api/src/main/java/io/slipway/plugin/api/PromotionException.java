package io.slipway.plugin.api;

/** A provider could not take over or give up; the message says why, for the operator. */
public final class PromotionException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Creates one. */
    public PromotionException(String message) {
        super(message);
    }

    /** Creates one with a cause. */
    public PromotionException(String message, Throwable cause) {
        super(message, cause);
    }
}
