package io.slipway.manager.store;

import java.util.Set;

/** A field of rows that conditions may name. Implemented by enums. */
public interface QueryField {

    /** Returns what its values are. */
    Kind kind();

    /** Returns the values it can have, in upper case, if it is a CHOICE; else none. */
    default Set<String> choices() {
        return Set.of();
    }

    /** What values of a field are, and so how they compare. */
    enum Kind {
        /** {@link String}. */
        TEXT,
        /** {@link Long}. */
        WHOLE,
        /** {@link java.time.Instant}. */
        TIME,
        /** {@link java.util.UUID}; only equal or not. */
        ID,
        /** {@link Boolean}; only equal or not. */
        FLAG,
        /** {@link String}, one of a few in upper case; only equal or not. */
        CHOICE
    }
}
