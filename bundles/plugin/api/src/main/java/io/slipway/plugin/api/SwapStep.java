package io.slipway.plugin.api;

/** The steps of a swap, in their order; each is on disk in the journal before its work begins. */
public enum SwapStep {
    /** The jar is read and looked at; nothing of it runs. */
    CHECK,
    /** The bundle is installed beside the old one and resolved. */
    INSTALL,
    /** The bundle is started; its providers serve nobody yet. */
    START,
    /** The providers check themselves. */
    SELF_TEST,
    /** The new version takes over; once it is selected in the journal, a restart starts it. */
    PROMOTE,
    /** The new version serves and is measured; the old one stands by, and serves again if the new one is bad. */
    PROBATION,
    /** The last uses of the old version end. */
    DRAIN,
    /** The old version is stopped and uninstalled. */
    RETIRE
}
