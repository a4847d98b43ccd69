package io.slipway.model.identity;

import java.util.Locale;

/** What a user may do. */
public enum UserRole {
    /** Everything. */
    SUPERADMIN,
    /** Everything in the own domain. */
    ADMIN,
    /** Own things. */
    USER,
    /** Sees everything, changes nothing. */
    MONITOR;

    /** Returns the spelling of clients, such as {@code superadmin}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
