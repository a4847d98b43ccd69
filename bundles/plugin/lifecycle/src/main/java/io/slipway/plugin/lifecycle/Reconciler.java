package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Version;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the framework have exactly the selected plug-in bundles. A bundle's location says id, version and digest, so that a
 * jar whose bytes changed is another bundle. Bundles start transiently: nothing starts one but this.
 */
final class Reconciler {

    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    private static final String LOCATION = "slipway-plugin:";

    private final BundleContext context;
    private final PluginFolder folder;
    private final SelectionJournal journal;

    Reconciler(BundleContext context, PluginFolder folder, SelectionJournal journal) {
        this.context = context;
        this.folder = folder;
        this.journal = journal;
    }

    /**
     * What became of a selected plug-in.
     *
     * @param version the selected version
     * @param bundle its bundle; null if it could not be installed
     * @param failure in words why it does not run; empty if it was started
     */
    record Installed(
            Version version,
            @org.jspecify.annotations.Nullable Bundle bundle,
            String failure) {}

    /** Reconciles; a plug-in that fails does not hold up the others. */
    SortedMap<PluginId, Installed> reconcile() throws IOException {
        var selected = select();
        uninstallOthers(selected);
        var result = new TreeMap<PluginId, Installed>();
        selected.forEach((id, jar) -> result.put(id, install(id, jar)));
        return result;
    }

    private record Jar(Version version, Path path, String location) {}

    /** The journal decides; a plug-in that it does not know, or whose version is gone from disk, gets its highest version. */
    private SortedMap<PluginId, Jar> select() throws IOException {
        var journaled = journal.selection();
        var selected = new TreeMap<PluginId, Jar>();
        for (var entry : folder.versions().entrySet()) {
            var id = entry.getKey();
            var version = journaled.get(id);
            if (version == null || !entry.getValue().containsKey(version)) {
                version = entry.getValue().lastKey();
                journal.select(id, version);
                LOG.info("Plug-in {}: version {} is selected", id, version);
            }
            var path = folder.jar(id, version);
            selected.put(id, new Jar(version, path, LOCATION + id + "/" + version + "/" + digest(path)));
        }
        return selected;
    }

    private void uninstallOthers(SortedMap<PluginId, Jar> selected) {
        var wanted = selected.values().stream().map(Jar::location).toList();
        Arrays.stream(context.getBundles())
                .filter(bundle -> bundle.getLocation().startsWith(LOCATION))
                .filter(bundle -> !wanted.contains(bundle.getLocation()))
                .forEach(Reconciler::uninstall);
    }

    private static void uninstall(Bundle bundle) {
        try {
            bundle.uninstall();
            LOG.info("Plug-in bundle {} is uninstalled: it is not selected", bundle.getLocation());
        } catch (BundleException e) {
            LOG.error("Plug-in bundle {} cannot be uninstalled", bundle.getLocation(), e);
        }
    }

    private Installed install(PluginId id, Jar jar) {
        try (var bytes = Files.newInputStream(jar.path())) {
            var bundle = context.installBundle(jar.location(), bytes);
            bundle.adapt(BundleStartLevel.class).setStartLevel(ownStartLevel());
            return new Installed(jar.version(), bundle, start(id, bundle));
        } catch (BundleException e) {
            LOG.error("Plug-in {} {} cannot be installed", id, jar.version(), e);
            return new Installed(jar.version(), null, "cannot be installed: " + e.getMessage());
        } catch (IOException e) {
            LOG.error("Plug-in {} cannot be read from {}", id, jar.path(), e);
            return new Installed(jar.version(), null, "cannot be read from " + jar.path() + ": " + e.getMessage());
        }
    }

    /** The framework has reached it, or this would not run; a bundle that starts later than now could not start at all. */
    private int ownStartLevel() {
        return Math.max(1, context.getBundle().adapt(BundleStartLevel.class).getStartLevel());
    }

    private static String start(PluginId id, Bundle bundle) {
        try {
            bundle.start(Bundle.START_TRANSIENT);
            return "";
        } catch (BundleException e) {
            LOG.error("Plug-in {} cannot be started", id, e);
            return "cannot be started: " + e.getMessage();
        }
    }

    private static String digest(Path path) {
        try (var bytes = Files.newInputStream(path)) {
            var digest = MessageDigest.getInstance("SHA-256");
            var buffer = new byte[1 << 16];
            for (var read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
