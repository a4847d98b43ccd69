package io.slipway.plugin.api;

import java.util.List;

/**
 * The state of one plug-in.
 *
 * @param id which
 * @param version its bundle version
 * @param spis simple names of the SPIs that it provides, sorted
 * @param state where it stands
 * @param reason in words why it is not active, or which part of it is not; empty if nothing is wrong
 * @param leases uses in flight, also of providers that are being given up
 */
public record PluginStatus(PluginId id, String version, List<String> spis, State state, String reason, long leases) {

    /** Where a plug-in stands. */
    public enum State {
        /** In use. */
        ACTIVE,
        /** Started, but something it needs is missing. */
        WAITING,
        /** Could not be installed or started. */
        FAILED,
        /** Being given up; the last uses end. */
        DRAINING
    }

    /** Copies. */
    public PluginStatus {
        spis = List.copyOf(spis);
    }
}
