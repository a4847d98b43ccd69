package io.slipway.config.spi;

/** The store could not be reached or refused the call. */
public final class ConfigStoreException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Creates one. */
    public ConfigStoreException(String message) {
        super(message);
    }

    /** Creates one with a cause. */
    public ConfigStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
