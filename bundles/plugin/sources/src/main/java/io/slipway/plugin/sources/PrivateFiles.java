package io.slipway.plugin.sources;

import io.slipway.plugin.api.FetchedPlugins;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was fetched, in a folder that only this user can enter. */
record PrivateFiles(Path folder, List<Fetched> plugins) implements FetchedPlugins {

    private static final Logger LOG = LoggerFactory.getLogger(PrivateFiles.class);

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
