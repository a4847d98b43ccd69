package io.slipway.model.session;

import java.util.Locale;

/** What a session is for. */
public enum SessionType {
    /** A person works in it. */
    INTERACTIVE,
    /** It runs one command and ends. */
    BATCH,
    /** It serves a model. */
    INFERENCE,
    /** It serves the platform. */
    SYSTEM;

    /** Returns the spelling of requests, such as {@code interactive}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
