package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The versions of plug-ins on disk: {@code <folder>/<id>/<version>.jar}. */
final class PluginFolder {

    private static final Logger LOG = LoggerFactory.getLogger(PluginFolder.class);
    private static final String SUFFIX = ".jar";

    private final Path folder;

    PluginFolder(Path folder) {
        this.folder = folder;
    }

    Path path() {
        return folder;
    }

    Path jar(PluginId id, Version version) {
        return folder.resolve(id.value()).resolve(version + SUFFIX);
    }

    /** Returns every version by plug-in; a file that is no such jar is passed over with a warning. */
    SortedMap<PluginId, SortedMap<Version, Path>> versions() throws IOException {
        var versions = new TreeMap<PluginId, SortedMap<Version, Path>>();
        if (!Files.isDirectory(folder)) {
            return versions;
        }
        try (var plugins = Files.newDirectoryStream(folder, Files::isDirectory)) {
            for (var plugin : plugins) {
                addVersions(plugin, versions);
            }
        }
        return versions;
    }

    private static void addVersions(Path plugin, SortedMap<PluginId, SortedMap<Version, Path>> versions)
            throws IOException {
        try (var jars = Files.newDirectoryStream(plugin, "*" + SUFFIX)) {
            for (var jar : jars) {
                add(plugin.getFileName().toString(), jar, versions);
            }
        }
    }

    private static void add(String plugin, Path jar, SortedMap<PluginId, SortedMap<Version, Path>> versions) {
        var name = jar.getFileName().toString();
        try {
            var version = Version.parseVersion(name.substring(0, name.length() - SUFFIX.length()));
            versions.computeIfAbsent(new PluginId(plugin), any -> new TreeMap<>())
                    .put(version, jar);
        } catch (IllegalArgumentException e) {
            LOG.warn("{} is not of the form <id>/<version>.jar and is left alone: {}", jar, e.getMessage());
        }
    }
}
