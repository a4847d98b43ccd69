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
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
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
 * Settings that belong to one version of a plug-in. Truth is {@code <id>/<version>.settings.json} beside the jar; the
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

    /** Returns values by setting by PID; empty if the version has none of its own. */
    SortedMap<String, SortedMap<String, String>> read(PluginId id, Version version) throws IOException {
        var file = file(id, version);
        return Files.exists(file) ? MAPPER.readValue(Files.readAllBytes(file), FORM) : new TreeMap<>();
    }

    /** Keeps settings of a version that does not run; on disk when this returns. */
    void write(PluginId id, Version version, Map<String, Map<String, String>> settings) throws IOException {
        var file = file(id, version);
        var staged = file.resolveSibling(file.getFileName() + ".new");
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (var channel = FileChannel.open(
                staged, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            var bytes = ByteBuffer.wrap(MAPPER.writeValueAsBytes(new TreeMap<>(settings)));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(staged, file, StandardCopyOption.ATOMIC_MOVE);
        try (var entry = FileChannel.open(file.toAbsolutePath().getParent())) {
            entry.force(true);
        }
    }

    /** Gives an installed bundle its version's settings; call it before the bundle starts. */
    void apply(PluginId id, Bundle bundle) throws IOException {
        for (var each : read(id, bundle.getVersion()).entrySet()) {
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
    void withdraw(PluginId id, Bundle bundle) throws IOException {
        for (var pid : read(id, bundle.getVersion()).keySet()) {
            var configuration = admin == null ? null : find(admin, target(pid, bundle));
            if (configuration != null) {
                configuration.delete();
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
        try {
            var found = configurations.listConfigurations("(service.pid=" + pid + ")");
            return found == null ? null : Objects.requireNonNull(found[0]);
        } catch (InvalidSyntaxException e) {
            throw new IOException("no PID: " + pid, e);
        }
    }
}
