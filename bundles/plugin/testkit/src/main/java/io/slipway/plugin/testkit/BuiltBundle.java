package io.slipway.plugin.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/** The classes and the manifest that a module's build made, as one bundle of any version. */
final class BuiltBundle {

    private static final String MANIFEST = "META-INF/MANIFEST.MF";
    // a clause of Import-Package up to the lowest version that it takes
    private static final Pattern IMPORT =
            Pattern.compile("(?:^|,)([a-z][\\w.]*)(?:;version=\"?\\[?([0-9.]+)[^\"]*\"?)?");

    private final Path classes;

    BuiltBundle(Class<?> provider) {
        try {
            classes = Path.of(
                    provider.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("no folder of classes: " + provider, e);
        }
        if (!Files.isRegularFile(classes.resolve(MANIFEST))) {
            throw new IllegalStateException(
                    classes + " has no " + MANIFEST + ": build the bundle first (bnd-maven-plugin, goal bnd-process)");
        }
    }

    @Nullable
    String header(String name) {
        return manifest().getMainAttributes().getValue(name);
    }

    /** Returns what the bundle imports, package to the lowest version. */
    Map<String, String> imports() {
        var imports = new TreeMap<String, String>();
        var matcher = IMPORT.matcher(headerOr("Import-Package"));
        while (matcher.find()) {
            imports.put(matcher.group(1), matcher.group(2) == null ? "0.0.0" : matcher.group(2));
        }
        return imports;
    }

    /** Returns the descriptions of the bundle's components. */
    List<String> components() {
        var components = new ArrayList<String>();
        for (var name : headerOr("Service-Component").split(",", -1)) {
            if (!name.isBlank()) {
                components.add(text(name.strip()));
            }
        }
        return components;
    }

    /** Writes the bundle with this version. */
    Path write(Path jar, String version) {
        var manifest = manifest();
        manifest.getMainAttributes().putValue("Bundle-Version", version);
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                var tree = Files.walk(classes)) {
            for (var file : tree.filter(Files::isRegularFile).toList()) {
                var name = classes.relativize(file).toString();
                if (!name.equals(MANIFEST)) {
                    out.putNextEntry(new ZipEntry(name));
                    Files.copy(file, out);
                }
            }
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String headerOr(String name) {
        var value = header(name);
        return value == null ? "" : value;
    }

    private String text(String name) {
        try {
            return Files.readString(classes.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Manifest manifest() {
        try (var bytes = Files.newInputStream(classes.resolve(MANIFEST))) {
            return new Manifest(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
