package io.slipway.agent.node;

import java.io.IOException;

/** What a caller wants in a home cannot be: a bad path, something of another kind there, too much of it. */
final class RefusedPathException extends IOException {

    private static final long serialVersionUID = 1L;

    RefusedPathException(String message) {
        super(message);
    }

    RefusedPathException(String message, Throwable cause) {
        super(message, cause);
    }
}
