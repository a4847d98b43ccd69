package io.slipway.agent.api;

/** An agent could not do what it was asked. */
public final class AgentException extends Exception {

    private static final long serialVersionUID = 1L;

    /** What kind of failure, so that the caller can decide. */
    public enum Reason {
        /** The agent has no such kernel. Do not retry. */
        UNKNOWN_KERNEL,
        /** The request makes no sense to the agent. Do not retry. */
        INVALID_INPUT,
        /** Devices are not free. Place elsewhere or wait. */
        NO_CAPACITY,
        /** It took longer than the limit; the outcome is unknown. Ask or retry. */
        TIMEOUT,
        /** The agent cannot be reached. Retry. */
        UNREACHABLE,
        /** It went wrong there. The message says why. */
        FAILED
    }

    private final Reason reason;

    /** Creates one; the message says what was tried, on what, and why it did not work. */
    public AgentException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Creates one with a cause. */
    public AgentException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Returns what kind of failure. */
    public Reason reason() {
        return reason;
    }
}
