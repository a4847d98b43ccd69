package io.slipway.plugin.api;

import java.time.Instant;

/**
 * One line of the lifecycle's journal.
 *
 * @param at when
 * @param id which plug-in
 * @param version which version
 * @param step what happened, such as {@code start}, {@code select} or {@code refuse}
 * @param words why or whence; empty if there is nothing to say
 */
public record SwapRecord(Instant at, PluginId id, String version, String step, String words) {}
