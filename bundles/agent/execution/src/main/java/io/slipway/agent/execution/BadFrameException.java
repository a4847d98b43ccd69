package io.slipway.agent.execution;

import java.io.IOException;

/** A driver broke the rules of its line; the line is cut. The kernel alone is to blame and alone suffers. */
final class BadFrameException extends IOException {

    private static final long serialVersionUID = 1L;

    BadFrameException(String message) {
        super(message);
    }
}
