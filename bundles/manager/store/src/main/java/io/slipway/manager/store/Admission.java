package io.slipway.manager.store;

/** What came of an admission. */
public sealed interface Admission {

    /**
     * It is stored.
     *
     * @param session as stored
     */
    record Admitted(SessionRecord session) implements Admission {}

    /**
     * The owner has a live session of this name; nothing was stored.
     *
     * @param session that one
     */
    record NameTaken(SessionRecord session) implements Admission {}

    /**
     * The rule refused; nothing was stored.
     *
     * @param reason in words
     */
    record Refused(String reason) implements Admission {}
}
