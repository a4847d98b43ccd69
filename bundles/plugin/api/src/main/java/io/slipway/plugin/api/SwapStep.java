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
    /** The point of no return: from here a restart starts the new version. */
    PROMOTE,
    /** The uses of the old version end. */
    DRAIN,
    /** The old version is stopped and uninstalled. */
    RETIRE
}
