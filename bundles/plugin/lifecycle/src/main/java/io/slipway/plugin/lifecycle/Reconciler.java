package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the framework have exactly the selected plug-in bundles, whatever it has from an earlier run. */
final class Reconciler {

    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

    /** What a line says that tells how a change ended which was broken off. */
    static final String RECOVERED = "recovered";

    private final PluginFolder folder;
    private final SelectionJournal journal;
    private final PluginBundles bundles;
    private final VersionSettings settings;

    Reconciler(PluginFolder folder, SelectionJournal journal, PluginBundles bundles, VersionSettings settings) {
        this.settings = settings;
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
        takeBackWhatWasBad();
        var onTrial = broken().stream()
                .flatMap(broken -> broken.before().keySet().stream())
                .collect(Collectors.toSet());
        var installed = new ArrayList<InstalledPlugin>();
        var jars = new ArrayList<PluginJar>();
        var shipped = new ShippedPlugins(folder.path(), journal);
        for (var entry : folder.versions().entrySet()) {
            var id = entry.getKey();
            var selected = select(id, entry.getValue(), shipped);
            if (selected.isEmpty()) {
                continue;
            }
            var version = selected.get();
            var file = folder.jar(id, version);
            settings.settle(id, version, entry.getValue().keySet(), onTrial.contains(id));
            try {
                jars.add(PluginJar.read(id, version, file));
            } catch (IOException e) {
                LOG.error("Plug-in {} cannot be read from {}", id, file, e);
                installed.add(new InstalledPlugin(id, version, null, "cannot be read from " + file + ": " + e));
            }
        }
        shipped.remember();
        tellWhatWasRecovered();
        bundles.uninstallAllBut(jars.stream().map(PluginJar::location).toList());
        jars.stream().map(this::install).forEach(installed::add);
        return installed.stream()
                .sorted(java.util.Comparator.comparing(InstalledPlugin::id))
                .toList();
    }

    /** A version that was being taken back when the process ended does not serve again. */
    private void takeBackWhatWasBad() throws IOException {
        for (var broken : broken()) {
            if (broken.isBad()) {
                LOG.warn("Plug-ins are taken back: {} serve again", broken.before());
                journal.select(broken.before(), "its roll back was not finished when the process ended");
            }
        }
    }

    /** Returns the changes that were on probation when the process ended, and whose old versions are all on disk. */
    List<BrokenTrial> broken() throws IOException {
        var onDisk = folder.versions();
        return BrokenTrial.in(journal.lines()).stream()
                .filter(broken -> broken.before().entrySet().stream()
                        .allMatch(old -> old.getValue().isEmpty()
                                || onDisk.getOrDefault(old.getKey(), Collections.emptySortedMap())
                                        .containsKey(Version.parseVersion(old.getValue()))))
                .toList();
    }

    /** Says in the journal where each change has ended that the end of the process broke off. */
    private void tellWhatWasRecovered() throws IOException {
        var selection = journal.selection();
        var unfinished = new TreeMap<PluginId, String>();
        for (var line : journal.records()) {
            switch (line.step()) {
                case "done", "refuse", RECOVERED -> unfinished.remove(line.id());
                case PluginGate.ACCEPTED -> {
                    // of a file, not of a change
                }
                case SelectionJournal.SELECT -> unfinished.computeIfPresent(line.id(), (id, step) -> line.step());
                default -> unfinished.put(line.id(), line.step()); // a step of a change
            }
        }
        for (var entry : unfinished.entrySet()) {
            var version = selection.get(entry.getKey());
            journal.append(
                    RECOVERED,
                    entry.getKey(),
                    version == null ? "" : version.toString(),
                    "the process ended behind '" + entry.getValue() + "'; "
                            + (version == null ? "it is not installed" : "version " + version + " serves"));
        }
    }

    private InstalledPlugin install(PluginJar jar) {
        var plugin = bundles.install(jar);
        var bundle = plugin.bundle();
        if (bundle == null) {
            return plugin;
        }
        try {
            settings.apply(jar.id(), bundle);
            return plugin;
        } catch (IOException e) {
            LOG.error("Plug-in {} cannot have its settings", jar.id(), e);
            return plugin.failed("its settings cannot be read: " + e.getMessage());
        }
    }

    /**
     * The journal decides, but for what follows a new build. A plug-in that it does not know, or whose version is gone from disk, gets its highest version; one
     * that it knows but never selected was being installed for the first time when the process ended, and is left alone.
     */
    private Optional<Version> select(PluginId id, SortedMap<Version, Path> onDisk, ShippedPlugins shipped)
            throws IOException {
        var journaled = journal.selection().get(id);
        if (journaled != null && onDisk.containsKey(journaled)) {
            var next = shipped.following(id, journaled, onDisk.keySet());
            if (next.isPresent()) {
                journal.select(id, next.get());
            }
            return Optional.of(next.orElse(journaled));
        }
        if (journaled == null && journal.known().contains(id)) {
            LOG.info("Plug-in {}: its first install was not finished; it is not selected", id);
            return Optional.empty();
        }
        var highest = onDisk.lastKey();
        journal.select(id, highest);
        LOG.info("Plug-in {}: version {} is selected", id, highest);
        return Optional.of(highest);
    }
}
