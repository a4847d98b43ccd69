package io.slipway.plugin.api;

/**
 * A step of a swap has begun.
 *
 * @param id of which plug-in
 * @param version the new version; empty while it is not known
 * @param step which
 */
public record SwapProgress(PluginId id, String version, SwapStep step) {}
