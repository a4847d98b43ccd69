package io.slipway.plugin.api;

import java.time.Duration;
import java.util.List;

/**
 * The state of one plug-in.
 *
 * @param id which
 * @param version the bundle version that serves, or should
 * @param spis simple names of the SPIs that it provides, sorted
 * @param state where it stands
 * @param reason in words why it is not active, or which part of it is not; empty if nothing is wrong
 * @param leases uses in flight, also of providers that are being given up
 * @param others its other versions that are still loaded or were turned away last, newest first
 */
public record PluginStatus(
        PluginId id,
        String version,
        List<String> spis,
        State state,
        String reason,
        long leases,
        List<VersionStatus> others) {

    /** Where a plug-in, or one version of it, stands. */
    public enum State {
        /** In use. */
        ACTIVE,
        /** Started, but something it needs is missing. */
        WAITING,
        /** Could not be installed or started. */
        FAILED,
        /** In use and watched; the version before it stands by. */
        PROBATION,
        /** Started and ready to take over, used by nobody new. */
        STANDBY,
        /** Being given up; the last uses end. */
        DRAINING,
        /** Turned away before it served: its file, start or self-check was not in order. */
        REFUSED,
        /** Served on probation and was taken back. */
        ROLLED_BACK
    }

    /**
     * A version beside the one that serves.
     *
     * @param version bundle version; empty if its file did not say
     * @param state where it stands
     * @param reason in words, such as {@code draining with 2 leases of 14 s}
     * @param leases uses in flight
     * @param age since when it stands there
     */
    public record VersionStatus(String version, State state, String reason, long leases, Duration age) {}

    /** Copies. */
    public PluginStatus {
        spis = List.copyOf(spis);
        others = List.copyOf(others);
    }

    /** Creates one of a plug-in without other versions. */
    public PluginStatus(PluginId id, String version, List<String> spis, State state, String reason, long leases) {
        this(id, version, spis, state, reason, leases, List.of());
    }
}
