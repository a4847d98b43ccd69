package io.slipway.plugin.sources;

import io.slipway.plugin.api.FetchedPlugins;
import io.slipway.plugin.api.PluginTransaction.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was fetched, in a folder that only this user can enter. */
record PrivateFiles(Path folder, List<Fetched> plugins) implements FetchedPlugins {

    private static final Logger LOG = LoggerFactory.getLogger(PrivateFiles.class);

    @Override
    public List<Settings> settings(Map<String, String> values) throws IOException {
        var all = new ArrayList<Settings>();
        var known = new TreeSet<String>();
        var left = new TreeMap<>(values);
        for (var plugin : plugins) {
            for (var pid : PluginNames.pids(plugin.artifact().jar())) {
                known.add(pid);
                var own = new TreeMap<String, String>();
                values.forEach((name, value) -> {
                    if (pid(name).equals(pid)) {
                        own.put(name.substring(pid.length() + 1), value);
                        left.remove(name);
                    }
                });
                if (!own.isEmpty()) {
                    all.add(new Settings(plugin.artifact().id(), pid, own));
                }
            }
        }
        if (!left.isEmpty()) {
            throw new IOException("nothing here has a setting '" + left.firstKey()
                    + "'; a setting is PID.NAME, with a PID of " + known);
        }
        return List.copyOf(all);
    }

    private static String pid(String setting) {
        return setting.substring(0, Math.max(0, setting.lastIndexOf('.')));
    }

    @Override
    public void close() {
        delete(folder);
    }

    static void delete(Path folder) {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.warn("The folder {} stays: {}", folder, e.toString());
        }
    }
}
