package io.slipway.itests;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Files that nobody has signed, in each form in which somebody could bring them. */
final class UnsignedJars {

    private UnsignedJars() {}

    /** Makes a bundle that nobody has signed. */
    static Path bundle(Path folder, String name, String... headers) {
        var text = "Manifest-Version: 1.0\nBundle-ManifestVersion: 2\nBundle-SymbolicName: test." + name
                + "\nBundle-Version: 1.0.0\n" + String.join("\n", headers) + (headers.length == 0 ? "" : "\n");
        var jar = folder.resolve(name + ".jar");
        try {
            var manifest = new Manifest(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
            new JarOutputStream(Files.newOutputStream(jar), manifest).close();
            return jar;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Makes a Karaf archive of a jar. */
    static Path archive(Path folder, Path jar) throws IOException {
        var archive = folder.resolve("noop-13.kar");
        try (var zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            zip.putNextEntry(new ZipEntry("repository/test/noop/13/noop-13.jar"));
            Files.copy(jar, zip);
        }
        return archive;
    }

    /** Makes a plug-in repository that offers a jar; returns its folder. */
    static Path repository(Path folder, Path jar, String version) throws Exception {
        var repository = Files.createDirectories(folder.resolve("repository"));
        Files.copy(jar, repository.resolve("noop.jar"), StandardCopyOption.REPLACE_EXISTING);
        var digest =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar)));
        var entry = Map.of("id", "noop", "version", version, "file", "noop.jar", "sha256", digest);
        Files.writeString(repository.resolve("index.json"), Api.text(Map.of("plugins", List.of(entry))));
        return repository;
    }
}
