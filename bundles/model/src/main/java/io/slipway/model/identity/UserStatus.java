package io.slipway.model.identity;

import java.util.Locale;

/** Whether a user may sign in. */
public enum UserStatus {
    /** Yes. */
    ACTIVE,
    /** Not now. */
    INACTIVE,
    /** Never again. */
    DELETED,
    /** Not before the e-mail address is verified. */
    BEFORE_VERIFICATION;

    /** Returns the spelling of clients, such as {@code before-verification}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
