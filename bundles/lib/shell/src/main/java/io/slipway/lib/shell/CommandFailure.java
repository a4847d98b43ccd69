package io.slipway.lib.shell;

import java.util.Map;

/** A command has not done what it was for. The message is for the operator. */
public final class CommandFailure extends Exception {

    private static final long serialVersionUID = 1;

    private final transient Map<String, ?> details;

    /** Creates one without further details. */
    public CommandFailure(String message) {
        this(message, Map.of());
    }

    /**
     * Creates one.
     *
     * @param details what {@code --json} tells beside the message; a command that fails so has printed none of it as JSON
     */
    public CommandFailure(String message, Map<String, ?> details) {
        super(message);
        this.details = Map.copyOf(details);
    }

    /** Creates one that another exception has caused. */
    public CommandFailure(String message, Throwable cause) {
        super(message, cause);
        this.details = Map.of();
    }

    /** Returns what {@code --json} tells beside the message. */
    public Map<String, ?> details() {
        return details;
    }
}
