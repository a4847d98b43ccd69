package io.slipway.plugin.sources;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Small bundles and archives. */
final class Jars {

    private Jars() {}

    /** Writes a bundle whose one component says of which plug-in it is. */
    static Path plugin(Path file, String name, String version, String id) throws IOException {
        var manifest = new Manifest();
        var main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", name + ";singleton:=false");
        main.putValue("Bundle-Version", version);
        Files.createDirectories(file.getParent());
        try (var out = new JarOutputStream(Files.newOutputStream(file), manifest)) {
            out.putNextEntry(new ZipEntry("OSGI-INF/" + name + ".xml"));
            out.write(("<scr:component name=\"" + name + ".Part\" configuration-pid=\"" + name
                            + "\"><property name=\"slipway.plugin.id\" type=\"String\" value=\"" + id
                            + "\"/></scr:component>")
                    .getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }

    /** Writes a Karaf archive with jars in its repository. */
    static Path archive(Path file, List<Path> jars) throws IOException {
        try (var out = new ZipOutputStream(Files.newOutputStream(file))) {
            out.putNextEntry(new ZipEntry("repository/features.xml"));
            out.write("<features/>".getBytes(StandardCharsets.UTF_8));
            for (var jar : jars) {
                out.putNextEntry(new ZipEntry("repository/org/acme/" + jar.getFileName()));
                Files.copy(jar, out);
            }
        }
        return file;
    }

    static String digest(Path file) throws IOException {
        return HexFormat.of().formatHex(Digests.sha256().digest(Files.readAllBytes(file)));
    }
}
