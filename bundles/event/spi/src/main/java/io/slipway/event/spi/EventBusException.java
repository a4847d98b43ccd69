package io.slipway.event.spi;

/** The bus could not be reached or did not take the call; the message says why, for the operator. */
public final class EventBusException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Creates one. */
    public EventBusException(String message) {
        super(message);
    }

    /** Creates one with a cause. */
    public EventBusException(String message, Throwable cause) {
        super(message, cause);
    }
}
