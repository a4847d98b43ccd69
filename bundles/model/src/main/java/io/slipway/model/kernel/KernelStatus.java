package io.slipway.model.kernel;

/** The states of a kernel. The moves between them are in {@link KernelTransitions}. */
public enum KernelStatus {
    /** Waits for an agent. */
    PENDING,
    /** Bound to an agent, its slots are taken. */
    SCHEDULED,
    /** The agent makes the image ready. */
    PREPARING,
    /** The agent pulls the image. */
    PULLING,
    /** The agent creates and starts the container. */
    CREATING,
    /** The driver answered. */
    RUNNING,
    /** The container is started anew. */
    RESTARTING,
    /** Its end was asked for; slots stay taken until the agent confirms that the container is gone. */
    TERMINATING,
    /** Gone after it had been placed. */
    TERMINATED,
    /** Gone before it was placed. */
    CANCELLED,
    /** Gone because something failed. */
    ERROR;

    /** Returns whether this state is never left and holds nothing. */
    public boolean isTerminal() {
        return this == TERMINATED || this == CANCELLED || this == ERROR;
    }

    /** Returns whether slots of a kernel in this state count as occupied: every state but PENDING and the terminal. */
    public boolean holdsSlots() {
        return this != PENDING && !isTerminal();
    }
}
