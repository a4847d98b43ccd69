package io.slipway.plugin.lifecycle;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/** The bundle of another module, be it a folder of classes or a jar by now, as a jar of any version. */
final class ModuleJar {

    private static final String MANIFEST = "META-INF/MANIFEST.MF";

    private ModuleJar() {}

    /** Writes the bundle that a class is of. */
    static Path write(Class<?> inside, String version, Path jar) throws Exception {
        Files.createDirectories(jar.getParent());
        var origin = inside.getProtectionDomain().getCodeSource().getLocation().toURI();
        if (Files.isDirectory(Path.of(origin))) {
            return write(Path.of(origin), version, jar);
        }
        try (var files =
                FileSystems.newFileSystem(URI.create("jar:" + origin), Map.of(), (@Nullable ClassLoader) null)) {
            return write(files.getPath("/"), version, jar);
        }
    }

    private static Path write(Path root, String version, Path jar) throws IOException {
        Manifest manifest;
        try (var bytes = Files.newInputStream(root.resolve(MANIFEST))) {
            manifest = new Manifest(bytes);
        }
        manifest.getMainAttributes().putValue("Bundle-Version", version);
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                var tree = Files.walk(root)) {
            for (var file : tree.filter(Files::isRegularFile).toList()) {
                var name = root.relativize(file).toString();
                if (!name.startsWith("META-INF/")) {
                    out.putNextEntry(new ZipEntry(name));
                    Files.copy(file, out);
                }
            }
        }
        return jar;
    }
}
