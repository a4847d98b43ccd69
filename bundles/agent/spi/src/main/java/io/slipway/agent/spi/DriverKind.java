package io.slipway.agent.spi;

/** The drivers there are. */
public enum DriverKind {
    /** For images with {@code /usr/bin/python3}: a persistent interpreter. */
    PYTHON,
    /** For images with {@code /bin/sh} only: shell lines over FIFOs. */
    SHELL
}
