package io.slipway.model.kernel;

import java.util.Locale;

/** Why a kernel or session ended; a closed set. */
public enum ExitReason {
    /** Its owner or an administrator asked for it. */
    USER_REQUESTED,
    /** The same, by force. */
    FORCE_TERMINATED,
    /** The main program of the container ended by itself. */
    SELF_TERMINATED,
    /** Killed because it used more memory than it was given. */
    OUT_OF_MEMORY,
    /** Killed by a signal that we did not send. */
    SIGNAL,
    /** The container could not be created. */
    FAILED_TO_CREATE,
    /** The container or its driver did not start. */
    FAILED_TO_START,
    /** It waited longer than allowed for an agent. */
    PENDING_TIMEOUT,
    /** A step of its start took longer than allowed. */
    START_TIMEOUT,
    /** The agent says that it has no such container. */
    CONTAINER_NOT_FOUND,
    /** Idle for longer than its policy allows. */
    IDLE_TIMEOUT,
    /** A batch job ended with exit code 0. */
    TASK_FINISHED,
    /** A batch job ended with another exit code. */
    TASK_FAILED,
    /** A batch job took longer than it was allowed to. */
    TASK_TIMEOUT,
    /** A session that it was to follow did not succeed. */
    DEPENDENCY_FAILED;

    /** Returns the spelling that clients see, such as {@code user-requested}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
