package io.slipway.plugin.api;

import java.util.List;
import java.util.Map;

/**
 * A set of plug-ins and settings that go together.
 *
 * @param artifacts new versions, at least one, at most one of each plug-in
 * @param settings settings of the new versions; each is of a plug-in among the artifacts
 */
public record PluginTransaction(List<PluginArtifact> artifacts, List<Settings> settings) {

    /**
     * Settings of one component of a new version. They are its own: the version before keeps its settings.
     *
     * @param id of which plug-in
     * @param pid the component's configuration PID, such as {@code io.slipway.runtime.process}
     * @param values setting to value, over those of the installation's configuration file
     */
    public record Settings(PluginId id, String pid, Map<String, String> values) {

        /** Copies. */
        public Settings {
            values = Map.copyOf(values);
        }
    }

    /** Copies and checks. */
    public PluginTransaction {
        artifacts = List.copyOf(artifacts);
        settings = List.copyOf(settings);
        var ids = artifacts.stream().map(PluginArtifact::id).distinct().toList();
        if (artifacts.isEmpty() || ids.size() != artifacts.size()) {
            throw new IllegalArgumentException(
                    "a transaction has at least one plug-in and each once, not " + artifacts);
        }
        for (var each : settings) {
            if (!ids.contains(each.id())) {
                throw new IllegalArgumentException("settings for " + each.id() + " without a new version of it");
            }
        }
    }
}
