package io.slipway.runtime.spi;

/** A runtime could not do what it was asked. The message says what was tried, on what, why not, and how to cure it. */
public final class KernelRuntimeException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Creates one. */
    public KernelRuntimeException(String message) {
        super(message);
    }

    /** Creates one with a cause. */
    public KernelRuntimeException(String message, Throwable cause) {
        super(message, cause);
    }
}
