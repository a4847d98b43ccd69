package io.slipway.plugin.api;

import java.util.List;

/**
 * What a swap would do. Nothing has been installed.
 *
 * @param id which plug-in
 * @param oldVersion what serves now; empty if nothing does
 * @param newVersion what would serve; empty if the jar does not say
 * @param refreshed bundles that the framework would have to restart beside the plug-in's own, by symbolic name
 * @param callsInFlight leases on the old version at this moment
 * @param inFlight whose calls they are, by method with their number, such as {@code KernelRuntime.awaitExit: 3}
 * @param installed bundles that would be installed, as name and version
 * @param stateMoved what the old version would hand over to the new one, in words; empty if nothing
 * @param objections why it would be refused, in words; empty if nothing speaks against it
 */
public record SwapPlan(
        PluginId id,
        String oldVersion,
        String newVersion,
        List<String> refreshed,
        long callsInFlight,
        List<String> inFlight,
        List<String> installed,
        List<String> stateMoved,
        List<String> objections) {

    /** Copies. */
    public SwapPlan {
        inFlight = List.copyOf(inFlight);
        installed = List.copyOf(installed);
        stateMoved = List.copyOf(stateMoved);
        refreshed = List.copyOf(refreshed);
        objections = List.copyOf(objections);
    }
}
