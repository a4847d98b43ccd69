package io.slipway.plugin.sources;

import io.slipway.plugin.api.FetchedPlugins;
import io.slipway.plugin.api.PluginAdministration;
import io.slipway.plugin.api.PluginArtifact;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginSources;
import io.slipway.plugin.api.PluginTransaction;
import io.slipway.plugin.api.PluginVerdict;
import io.slipway.plugin.api.SwapOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files in a folder, each handed to the plug-in lifecycle once it has stopped growing. A file that was taken is gone
 * afterwards; one that was not becomes {@code NAME.refused}, with the reason beside it. Confined to one thread.
 */
final class Dropped {

    private static final Logger LOG = LoggerFactory.getLogger(Dropped.class);
    private static final String REFUSED = ".refused";
    private static final Pattern TAKEN = Pattern.compile("[^.].*\\.(jar|kar)");
    private static final Pattern NAMED = Pattern.compile("([a-z][a-z0-9-]*?)-\\d.*\\.jar");

    private final Path folder;
    private final Path installed;
    private final PluginSources sources;
    private final PluginAdministration plugins;
    private final Map<Path, Look> seen = new HashMap<>();

    Dropped(Path folder, Path installed, PluginSources sources, PluginAdministration plugins) {
        this.folder = folder;
        this.installed = installed;
        this.sources = sources;
        this.plugins = plugins;
    }

    private record Look(long size, FileTime changed) {}

    /** Takes each file that is as it was at the look before. */
    void look() throws InterruptedException {
        for (var file : files()) {
            try {
                var look = new Look(Files.size(file), Files.getLastModifiedTime(file));
                if (look.equals(seen.put(file, look))) {
                    seen.remove(file);
                    take(file);
                }
            } catch (IOException e) {
                LOG.warn("The dropped file {} cannot be handled: {}", file, e.toString());
            }
        }
        seen.keySet().removeIf(Files::notExists);
    }

    private List<Path> files() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file ->
                            TAKEN.matcher(String.valueOf(file.getFileName())).matches())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            LOG.warn("The folder {} cannot be read: {}", folder, e.toString());
            return List.of();
        }
    }

    private void take(Path file) throws IOException, InterruptedException {
        LOG.info("Plug-in file {} was dropped", file);
        String failure;
        try (var fetched = sources.open(file, named(file), "dropped as " + file.getFileName())) {
            failure = install(fetched);
        } catch (IOException e) {
            failure = String.valueOf(e.getMessage());
        }
        if (failure.isEmpty()) {
            Files.deleteIfExists(file);
            Files.deleteIfExists(reason(file));
            return;
        }
        LOG.warn("AUDIT dropped plug-in file {} is refused: {}", file, failure);
        Files.writeString(reason(file), failure + "\n");
        Files.move(file, refused(file), StandardCopyOption.REPLACE_EXISTING);
    }

    private static Path refused(Path file) {
        return file.resolveSibling(file.getFileName() + REFUSED);
    }

    private static Path reason(Path file) {
        return file.resolveSibling(file.getFileName() + REFUSED + ".txt");
    }

    /** The name may say of which plug-in it is: {@code ID-VERSION.jar}, if there is such a plug-in. */
    private Optional<PluginId> named(Path file) {
        var matcher = NAMED.matcher(String.valueOf(file.getFileName()));
        return matcher.matches() && Files.isDirectory(installed.resolve(matcher.group(1)))
                ? PluginNames.id(matcher.group(1))
                : Optional.empty();
    }

    /** Returns why it was not taken; empty if it was. */
    private String install(FetchedPlugins fetched) throws IOException, InterruptedException {
        var refusal = fetched.refusal();
        if (refusal.isPresent()) {
            return refusal.get();
        }
        var artifacts = fetched.artifacts();
        if (artifacts.size() == 1
                && isInUse(artifacts.getFirst(), fetched.plugins().getFirst().verdict())) {
            LOG.info(
                    "Plug-in {}: the dropped file is the version in use",
                    artifacts.getFirst().id());
            return "";
        }
        try {
            var outcomes = plugins.apply(new PluginTransaction(artifacts, List.of()), progress -> {})
                    .get();
            return outcomes.stream()
                    .map(Dropped::failure)
                    .filter(why -> !why.isEmpty())
                    .findFirst()
                    .orElse("");
        } catch (ExecutionException e) {
            LOG.error("The swap broke off", e);
            return "the swap broke off: " + e.getCause();
        }
    }

    private boolean isInUse(PluginArtifact artifact, PluginVerdict verdict) throws IOException {
        var present = installed.resolve(artifact.id().value()).resolve(verdict.version() + ".jar");
        return plugins.explain(artifact.id())
                        .status()
                        .filter(status -> status.version().equals(verdict.version()))
                        .isPresent()
                && Files.exists(present)
                && Files.mismatch(present, artifact.jar()) < 0;
    }

    private static String failure(SwapOutcome outcome) {
        return switch (outcome) {
            case SwapOutcome.Swapped swapped -> "";
            case SwapOutcome.Refused refused -> refused.reason();
            case SwapOutcome.RolledBack back -> "it was taken back: " + back.reason();
        };
    }
}
