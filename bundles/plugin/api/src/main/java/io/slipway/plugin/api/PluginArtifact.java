package io.slipway.plugin.api;

import java.nio.file.Path;

/**
 * A jar that a source has brought and verified.
 *
 * @param id of which plug-in
 * @param jar a file that stays as it is until the swap is over
 * @param origin where it came from, in words for the history
 */
public record PluginArtifact(PluginId id, Path jar, String origin) {}
