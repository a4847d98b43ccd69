package io.slipway.agent.node;

import io.slipway.model.agent.AgentId;
import io.slipway.plugin.api.PluginId;
import java.time.Duration;
import java.util.Map;

/**
 * Settings of the node, checked.
 *
 * @param agent the agent's id
 * @param resourceGroup the group that it asks to join when it is new
 * @param address where it is reached, for people
 * @param version the product version
 * @param architecture such as {@code x86_64}
 * @param runtimeByRegistry runtime for images of a registry, before what runtimes say themselves
 * @param pidsLimit the most processes and threads of a kernel
 * @param times periods and limits
 */
record NodeSettings(
        AgentId agent,
        String resourceGroup,
        String address,
        String version,
        String architecture,
        Map<String, PluginId> runtimeByRegistry,
        int pidsLimit,
        Times times) {

    NodeSettings {
        runtimeByRegistry = Map.copyOf(runtimeByRegistry);
        if (pidsLimit < 1) {
            throw new IllegalArgumentException("pidsLimit " + pidsLimit + " is below 1");
        }
    }

    /**
     * Periods and limits.
     *
     * @param heartbeat pause between two heartbeats
     * @param inventory pause between two inventories
     * @param reaper pause between two looks for leaks
     * @param settling how long after its start the agent takes a runtime that is not there for one that is still starting
     * @param secondLook how long to wait before a container that is not listed counts as gone
     */
    record Times(Duration heartbeat, Duration inventory, Duration reaper, Duration settling, Duration secondLook) {}
}
