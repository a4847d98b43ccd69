package io.slipway.model.session;

/** The states of a session. The moves between them are in {@link SessionTransitions}. */
public enum SessionStatus {
    /** Stored; waits for agents. */
    PENDING,
    /** Every kernel is bound to an agent. */
    SCHEDULED,
    /** Agents make images ready. */
    PREPARING,
    /** An agent pulls an image. */
    PULLING,
    /** Agents create containers. */
    CREATING,
    /** Every kernel runs. */
    RUNNING,
    /** Containers are started anew. */
    RESTARTING,
    /** Its end was asked for. */
    TERMINATING,
    /** Ended after it had been placed. */
    TERMINATED,
    /** Ended before it was placed. */
    CANCELLED,
    /** Ended because something failed. */
    ERROR;

    /** Returns whether this state is never left and holds nothing. */
    public boolean isTerminal() {
        return this == TERMINATED || this == CANCELLED || this == ERROR;
    }

    /** Returns the name that clients know: CREATING reads PREPARING, every other state its own name. */
    public String wireName() {
        return this == CREATING ? PREPARING.name() : name();
    }
}
