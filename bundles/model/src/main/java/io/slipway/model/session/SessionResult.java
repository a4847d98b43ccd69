package io.slipway.model.session;

/** How a session's job went. */
public enum SessionResult {
    /** Not ended, or no job. */
    UNDEFINED,
    /** Ended well. */
    SUCCESS,
    /** Ended badly. */
    FAILURE
}
