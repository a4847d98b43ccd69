package io.slipway.plugin.api;

import java.time.Duration;

/** How a swap ended. */
public sealed interface SwapOutcome {

    /** Returns which plug-in it was about. */
    PluginId id();

    /**
     * The new version serves.
     *
     * @param id which plug-in
     * @param oldVersion what served before; empty if nothing did
     * @param newVersion what serves now
     * @param took from the request to the end
     * @param remark in words what is left of the old version; empty if nothing is
     */
    record Swapped(PluginId id, String oldVersion, String newVersion, Duration took, String remark)
            implements SwapOutcome {}

    /**
     * Nothing has changed: whatever served before serves on.
     *
     * @param id which plug-in
     * @param step what was not passed
     * @param reason why, in words
     */
    record Refused(PluginId id, SwapStep step, String reason) implements SwapOutcome {}

    /**
     * The new version served on probation and was bad: the old one serves again.
     *
     * @param id which plug-in
     * @param oldVersion what serves again
     * @param newVersion what was taken back
     * @param reason why, in words
     * @param costs the calls that it cost
     */
    record RolledBack(PluginId id, String oldVersion, String newVersion, String reason, CallCosts costs)
            implements SwapOutcome {}
}
