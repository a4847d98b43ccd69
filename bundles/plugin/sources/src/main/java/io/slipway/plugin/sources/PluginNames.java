package io.slipway.plugin.sources;

import io.slipway.plugin.api.PluginId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Finds out of which plug-in a jar is, without loading anything of it. */
final class PluginNames {

    private static final int MOST_BYTES = 1 << 20;
    private static final Pattern COMPONENT = Pattern.compile("OSGI-INF/[^/]+\\.xml");
    private static final Pattern PROPERTY =
            Pattern.compile("<property\\s+name=\"" + Pattern.quote(PluginId.PROPERTY) + "\"[^>]*\\svalue=\"([^\"]*)\"");

    private static final Pattern TAG = Pattern.compile("<(?:\\w+:)?component\\b[^>]*>");
    private static final Pattern OWN_PIDS = Pattern.compile("\\sconfiguration-pid=\"([^\"]+)\"");
    private static final Pattern OWN_NAME = Pattern.compile("\\sname=\"([^\"]+)\"");

    private final Path installed;

    /**
     * Creates one.
     *
     * @param installed the folder with a folder for each plug-in
     */
    PluginNames(Path installed) {
        this.installed = installed;
    }

    /**
     * Returns the installed plug-in whose bundle has the same symbolic name, else the one that all of the jar's components
     * say they belong to; empty if there is none, or if they differ.
     */
    Optional<PluginId> of(Path jar) throws IOException {
        var name = symbolicName(jar);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        var known = installedAs(name.get());
        return known.isPresent() ? known : byComponents(jar);
    }

    /** Returns where the jar of a version is if it is installed. */
    Path file(PluginId id, String version) {
        return installed.resolve(id.value()).resolve(version + ".jar");
    }

    private Optional<PluginId> installedAs(String name) throws IOException {
        if (!Files.isDirectory(installed)) {
            return Optional.empty();
        }
        try (var jars = Files.walk(installed, 2)) {
            for (var jar : jars.filter(file -> file.toString().endsWith(".jar")).toList()) {
                var folder = jar.getParent();
                if (folder != null && !folder.equals(installed) && isNamed(jar, name)) {
                    return id(String.valueOf(folder.getFileName()));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isNamed(Path jar, String name) {
        try {
            return symbolicName(jar).filter(name::equals).isPresent();
        } catch (IOException e) {
            return false; // whatever it is, it is not this plug-in
        }
    }

    static Optional<String> symbolicName(Path jar) throws IOException {
        try (var zip = new ZipFile(jar.toFile())) {
            var entry = zip.getEntry(JarFile.MANIFEST_NAME);
            if (entry == null) {
                return Optional.empty();
            }
            var manifest = new Manifest(new ByteArrayInputStream(bytes(zip, entry)));
            return Optional.ofNullable(manifest.getMainAttributes().getValue("Bundle-SymbolicName"))
                    .map(value -> value.replaceFirst(";.*", "").strip());
        }
    }

    private static Optional<PluginId> byComponents(Path jar) throws IOException {
        var ids = new TreeSet<String>();
        for (var component : components(jar)) {
            PROPERTY.matcher(component).results().forEach(found -> ids.add(found.group(1)));
        }
        return ids.size() == 1 ? id(ids.first()) : Optional.empty();
    }

    /** Returns the configuration PIDs of a jar's components. */
    static SortedSet<String> pids(Path jar) throws IOException {
        var pids = new TreeSet<String>();
        for (var component : components(jar)) {
            TAG.matcher(component)
                    .results()
                    .map(MatchResult::group)
                    .flatMap(tag -> first(OWN_PIDS, tag).or(() -> first(OWN_NAME, tag)).stream())
                    .forEach(text -> pids.addAll(List.of(text.strip().split("\\s+", -1))));
        }
        return pids;
    }

    private static Optional<String> first(Pattern pattern, String text) {
        return pattern.matcher(text).results().findFirst().map(found -> found.group(1));
    }

    private static List<String> components(Path jar) throws IOException {
        var texts = new ArrayList<String>();
        try (var zip = new ZipFile(jar.toFile())) {
            for (var entry : zip.stream()
                    .filter(each -> COMPONENT.matcher(each.getName()).matches())
                    .toList()) {
                texts.add(new String(bytes(zip, entry), StandardCharsets.UTF_8));
            }
        }
        return texts;
    }

    static Optional<PluginId> id(String text) {
        try {
            return Optional.of(new PluginId(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static byte[] bytes(ZipFile zip, ZipEntry entry) throws IOException {
        try (var in = zip.getInputStream(entry)) {
            return in.readNBytes(MOST_BYTES);
        }
    }
}
