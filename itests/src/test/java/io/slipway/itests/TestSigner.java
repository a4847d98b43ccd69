package io.slipway.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Somebody with a key, who signs jars with the JDK's own tools. */
record TestSigner(Path store, String name) {

    private static final String PASSWORD = "changeit-for-tests";

    static TestSigner of(Path folder, String name) {
        var signer = new TestSigner(folder.resolve(name + ".p12"), name);
        signer.run(
                "keytool", "-genkeypair", "-alias", name, "-keyalg", "EC", "-dname", "CN=" + name, "-validity", "30");
        return signer;
    }

    void sign(Path jar) {
        run("jarsigner", jar.toString(), name);
    }

    /** Puts the certificate on the list of a home. */
    void trustedBy(Path home) throws IOException {
        var trust = Files.createDirectories(home.resolve("etc/plugin-trust"));
        var file = trust.resolve(name + ".pem");
        if (Files.notExists(file)) {
            run("keytool", "-exportcert", "-rfc", "-alias", name, "-file", file.toString());
        }
    }

    /** Changes an entry that was signed. */
    static void change(Path jar) throws IOException {
        try (var zip = FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of());
                var files = Files.walk(zip.getPath("/io"))) {
            var entry = files.filter(Files::isRegularFile).findFirst().orElseThrow();
            Files.write(entry, new byte[] {1, 2, 3});
        }
    }

    /** Returns the same plug-in under another version, signed by nobody. */
    static Path unsignedCopy(Path jar, Path folder, String version) {
        var copy = folder.resolve("noop-" + version + ".jar");
        try (var in = new JarFile(jar.toFile())) {
            var manifest = new Manifest(in.getManifest());
            manifest.getMainAttributes().putValue("Bundle-Version", version);
            try (var out = new JarOutputStream(Files.newOutputStream(copy), manifest)) {
                for (var entry : in.stream().filter(each -> !each.isDirectory()).toList()) {
                    if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
                        out.putNextEntry(new JarEntry(entry.getName()));
                        in.getInputStream(entry).transferTo(out);
                    }
                }
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run(String tool, String... arguments) {
        var words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", tool).toString(),
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD));
        words.addAll(Arrays.asList(arguments));
        new Command(words, store.getParent(), Map.of(), Duration.ofSeconds(60))
                .run()
                .succeeded();
    }
}
