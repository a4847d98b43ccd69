package io.slipway.accelerator.spi;

/** The hardware or its driver could not be asked. The message says what was tried and why it did not work. */
public final class AcceleratorException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Creates one. */
    public AcceleratorException(String message) {
        super(message);
    }

    /** Creates one with a cause. */
    public AcceleratorException(String message, Throwable cause) {
        super(message, cause);
    }
}
