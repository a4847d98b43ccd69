package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the framework have exactly the selected plug-in bundles, whatever it has from an earlier run. */
final class Reconciler {

    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

    private final PluginFolder folder;
    private final SelectionJournal journal;
    private final PluginBundles bundles;

    Reconciler(PluginFolder folder, SelectionJournal journal, PluginBundles bundles) {
        this.folder = folder;
        this.journal = journal;
        this.bundles = bundles;
    }

    /**
     * Installs what is selected and uninstalls every other plug-in bundle; starts nothing. A plug-in that fails does not
     * hold up the others.
     *
     * @return every selected plug-in, sorted by id
     * @throws IOException if the folder cannot be listed or the journal not written
     */
    List<InstalledPlugin> install() throws IOException {
        var installed = new ArrayList<InstalledPlugin>();
        var jars = new ArrayList<PluginJar>();
        for (var entry : folder.versions().entrySet()) {
            var id = entry.getKey();
            var version = select(id, entry.getValue());
            var file = folder.jar(id, version);
            try {
                jars.add(PluginJar.read(id, version, file));
            } catch (IOException e) {
                LOG.error("Plug-in {} cannot be read from {}", id, file, e);
                installed.add(new InstalledPlugin(id, version, null, "cannot be read from " + file + ": " + e));
            }
        }
        bundles.uninstallAllBut(jars.stream().map(PluginJar::location).toList());
        jars.stream().map(bundles::install).forEach(installed::add);
        return installed.stream()
                .sorted(java.util.Comparator.comparing(InstalledPlugin::id))
                .toList();
    }

    /** The journal decides; a plug-in that it does not know, or whose version is gone from disk, gets its highest version. */
    private Version select(PluginId id, SortedMap<Version, Path> onDisk) throws IOException {
        var journaled = journal.selection().get(id);
        if (journaled != null && onDisk.containsKey(journaled)) {
            return journaled;
        }
        var highest = onDisk.lastKey();
        journal.select(id, highest);
        LOG.info("Plug-in {}: version {} is selected", id, highest);
        return highest;
    }
}
