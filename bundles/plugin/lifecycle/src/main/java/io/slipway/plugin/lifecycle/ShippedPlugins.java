package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.SwapStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plug-ins follow the build that brought them, as long as nobody has chosen another version by a swap. Who unpacks a build
 * writes its list of {@code <id>/<version>.jar} to {@code shipped.txt}; what was found there the last time is in {@code
 * shipped.seen.txt}, so that a version that an earlier build brought can be told from one that somebody chose.
 */
final class ShippedPlugins {

    private static final Logger LOG = LoggerFactory.getLogger(ShippedPlugins.class);
    private static final String BROUGHT = "shipped.txt";
    private static final String SEEN = "shipped.seen.txt";
    private static final Pattern LINE = Pattern.compile("([^/]+)/([^/]+)\\.jar");

    private final Path folder;
    private final SelectionJournal journal;
    private final Map<PluginId, Version> brought;
    private final Map<PluginId, Version> seen;

    ShippedPlugins(Path folder, SelectionJournal journal) throws IOException {
        this.folder = folder;
        this.journal = journal;
        this.brought = read(folder.resolve(BROUGHT));
        this.seen = read(folder.resolve(SEEN));
    }

    private static Map<PluginId, Version> read(Path file) throws IOException {
        var versions = new HashMap<PluginId, Version>();
        if (Files.exists(file)) {
            for (var line : Files.readAllLines(file)) {
                var matcher = LINE.matcher(line.strip());
                if (matcher.matches()) {
                    add(matcher.group(1), matcher.group(2), versions);
                }
            }
        }
        return versions;
    }

    private static void add(String id, String version, Map<PluginId, Version> versions) {
        try {
            versions.put(new PluginId(id), Version.parseVersion(version));
        } catch (IllegalArgumentException e) {
            LOG.warn("{}/{} in the list of what the build brought is passed over: {}", id, version, e.getMessage());
        }
    }

    /**
     * Returns the version of the present build if a plug-in is to go to it now.
     *
     * @param selected its version in the journal
     */
    Optional<Version> following(PluginId id, Version selected, Set<Version> onDisk) throws IOException {
        var next = brought.get(id);
        if (next == null || next.equals(selected) || next.equals(seen.get(id)) || !onDisk.contains(next)) {
            return Optional.empty();
        }
        if (isChosen(id, selected)) {
            LOG.warn(
                    "Plug-in {}: version {} was chosen by a swap and stays, though the new build brings {};"
                            + " slipway:plugin-swap {} --version {} goes to it",
                    id,
                    selected,
                    next,
                    id,
                    next);
            return Optional.empty();
        }
        LOG.info("Plug-in {}: version {} of the new build takes the place of {}", id, next, selected);
        return Optional.of(next);
    }

    /** Without a list of the build before, only what was never swapped is known to be of it. */
    private boolean isChosen(PluginId id, Version selected) throws IOException {
        var before = seen.get(id);
        return before == null
                ? journal.records().stream()
                        .anyMatch(line -> line.id().equals(id)
                                && line.step().equals(SwapStep.PROMOTE.name().toLowerCase(Locale.ROOT)))
                : !selected.equals(before);
    }

    /** Remembers what the present build brought; call it when the journal has all selections. */
    void remember() throws IOException {
        if (!brought.isEmpty() && !brought.equals(seen)) {
            var part = folder.resolve(SEEN + ".new");
            Files.copy(folder.resolve(BROUGHT), part, StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, folder.resolve(SEEN), StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
