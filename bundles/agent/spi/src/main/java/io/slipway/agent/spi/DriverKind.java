package io.slipway.agent.spi;

/** The drivers there are. */
public enum DriverKind {
    /** For images with a Python 3, wherever it is: a persistent interpreter. */
    PYTHON,
    /** For images with {@code /bin/sh} only: shell lines over FIFOs. */
    SHELL
}
