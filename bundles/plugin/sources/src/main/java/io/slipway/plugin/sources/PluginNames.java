package io.slipway.plugin.sources;

import io.slipway.plugin.api.PluginId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Finds out of which plug-in a jar is, without loading anything of it. */
final class PluginNames {

    private static final int MOST_BYTES = 1 << 20;
    private static final Pattern COMPONENT = Pattern.compile("OSGI-INF/[^/]+\\.xml");
    private static final Pattern PROPERTY =
            Pattern.compile("<property\\s+name=\"" + Pattern.quote(PluginId.PROPERTY) + "\"[^>]*\\svalue=\"([^\"]*)\"");

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
        try (var zip = new ZipFile(jar.toFile())) {
            for (var entry : zip.stream()
                    .filter(each -> COMPONENT.matcher(each.getName()).matches())
                    .toList()) {
                var matcher = PROPERTY.matcher(new String(bytes(zip, entry), StandardCharsets.UTF_8));
                while (matcher.find()) {
                    ids.add(matcher.group(1));
                }
            }
        }
        return ids.size() == 1 ? id(ids.first()) : Optional.empty();
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
