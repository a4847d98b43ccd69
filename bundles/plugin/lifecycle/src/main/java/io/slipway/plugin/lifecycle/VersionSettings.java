package io.slipway.plugin.lifecycle;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.slipway.plugin.api.PluginId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.Version;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * Settings that belong to one version of a plug-in. Truth is {@code <id>/<version>.settings.json} beside the jar, or, while
 * a change to the version is neither over nor taken back, {@code <id>/<version>.settings.json.new}; the
 * component runtime gets them as a configuration that is targeted at the version's bundle ({@code pid|name|version}), over
 * the values of the installation's configuration file. Two versions beside each other so never share them.
 */
final class VersionSettings {

    private static final String SUFFIX = ".settings.json";
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final TypeReference<SortedMap<String, SortedMap<String, String>>> FORM = new TypeReference<>() {};

    private final PluginFolder folder;
    private final @Nullable ConfigurationAdmin admin;

    /**
     * Creates one.
     *
     * @param admin null if there is none: then no version can have settings of its own
     */
    VersionSettings(PluginFolder folder, @Nullable ConfigurationAdmin admin) {
        this.folder = folder;
        this.admin = admin;
    }

    private Path file(PluginId id, Version version) {
        return folder.jar(id, version).resolveSibling(version + SUFFIX);
    }

    private Path staged(PluginId id, Version version) {
        return folder.jar(id, version).resolveSibling(version + SUFFIX + ".new");
    }

    /** Returns values by setting by PID, those that it is tried with before its own; empty if there are none. */
    SortedMap<String, SortedMap<String, String>> read(PluginId id, Version version) throws IOException {
        var staged = staged(id, version);
        var file = Files.exists(staged) ? staged : file(id, version);
        return Files.exists(file) ? MAPPER.readValue(Files.readAllBytes(file), FORM) : new TreeMap<>();
    }

    /**
     * Lets a version that does not run be tried with settings, in place of its own; on disk when this returns.
     *
     * @param settings values by setting by PID; if there are none, a version that is on disk has its own
     * @param isNew whether the version is not on disk yet: then settings that an earlier one of its name left do not count
     */
    void stage(PluginId id, Version version, Map<String, Map<String, String>> settings, boolean isNew)
            throws IOException {
        drop(id, version);
        if (!settings.isEmpty() || (isNew && Files.exists(file(id, version)))) {
            write(staged(id, version), settings);
        }
    }

    /** Makes the settings that a version was tried with its own. */
    void keep(PluginId id, Version version) throws IOException {
        var staged = staged(id, version);
        if (Files.exists(staged)) {
            Files.move(staged, file(id, version), StandardCopyOption.ATOMIC_MOVE);
            sync(staged);
        }
    }

    /** Forgets the settings that a version was tried with: it has its own again. */
    void drop(PluginId id, Version version) throws IOException {
        if (Files.deleteIfExists(staged(id, version))) {
            sync(staged(id, version));
        }
    }

    /**
     * Ends what the end of the process broke off. Settings of versions that were not selected are forgotten.
     *
     * @param isOnTrial whether the selected version is still on probation: then it goes on with what it is tried with
     */
    void settle(PluginId id, Version selected, Collection<Version> onDisk, boolean isOnTrial) throws IOException {
        for (var version : onDisk) {
            if (!version.equals(selected)) {
                drop(id, version);
            } else if (!isOnTrial) {
                keep(id, version);
            }
        }
    }

    private static void write(Path staged, Map<String, Map<String, String>> settings) throws IOException {
        Files.createDirectories(staged.toAbsolutePath().getParent());
        try (var channel = FileChannel.open(
                staged, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            var bytes = ByteBuffer.wrap(MAPPER.writeValueAsBytes(new TreeMap<>(settings)));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        sync(staged);
    }

    private static void sync(Path file) throws IOException {
        try (var entry = FileChannel.open(file.toAbsolutePath().getParent())) {
            entry.force(true);
        }
    }

    /** Gives an installed bundle its version's settings; call it before the bundle starts. */
    void apply(PluginId id, Bundle bundle) throws IOException {
        var settings = read(id, bundle.getVersion());
        withdraw(bundle, settings.keySet());
        for (var each : settings.entrySet()) {
            var configurations = admin;
            if (configurations == null) {
                throw new IOException("no configuration service takes the settings of " + id);
            }
            var values = base(configurations, each.getKey());
            each.getValue().forEach(values::put);
            configurations
                    .getConfiguration(target(each.getKey(), bundle), "?")
                    .update(FrameworkUtil.asDictionary(values));
        }
    }

    /** Takes a bundle's settings back from the configuration service; they stay on disk. */
    void withdraw(Bundle bundle) throws IOException {
        withdraw(bundle, Set.of());
    }

    /** The configuration service remembers also those of a change that the end of the process broke off. */
    private void withdraw(Bundle bundle, Collection<String> butPids) throws IOException {
        if (admin != null) {
            var kept = butPids.stream().map(pid -> target(pid, bundle)).toList();
            for (var each : list(admin, target("*", bundle))) {
                if (!kept.contains(each.getPid())) {
                    each.delete();
                }
            }
        }
    }

    private static String target(String pid, Bundle bundle) {
        return pid + "|" + bundle.getSymbolicName() + "|" + bundle.getVersion();
    }

    private static Map<String, Object> base(ConfigurationAdmin configurations, String pid) throws IOException {
        var values = new TreeMap<String, Object>();
        var installed = find(configurations, pid);
        if (installed != null) {
            Collections.list(installed.getProperties().keys())
                    .forEach(key -> values.put(key, installed.getProperties().get(key)));
        }
        values.remove("service.pid");
        values.remove("felix.fileinstall.filename"); // or the file would be written
        return values;
    }

    private static @Nullable Configuration find(ConfigurationAdmin configurations, String pid) throws IOException {
        return list(configurations, pid).stream().findFirst().orElse(null);
    }

    private static List<Configuration> list(ConfigurationAdmin configurations, String pid) throws IOException {
        try {
            var found = configurations.listConfigurations("(service.pid=" + pid + ")");
            return found == null ? List.of() : List.of(found);
        } catch (InvalidSyntaxException e) {
            throw new IOException("no PID: " + pid, e);
        }
    }
}
