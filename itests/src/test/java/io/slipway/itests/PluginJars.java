package io.slipway.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/** Makes versions of plug-ins from the jar that the distribution ships. */
final class PluginJars {

    private static final String MANIFEST = JarFile.MANIFEST_NAME;
    private static final String BAD = "io/slipway/itests/bad/";

    private final Path folder;
    private final @Nullable Path trusted;

    /** Creates a maker of jars that nobody trusts. */
    PluginJars(Path folder) {
        this.folder = folder;
        this.trusted = null;
    }

    /**
     * Creates a maker.
     *
     * @param folder for the jars
     * @param home of the installation that shall trust them
     */
    PluginJars(Path folder, Path home) throws IOException {
        this.folder = folder;
        this.trusted = Files.createDirectories(home.resolve("etc/plugin-trust")).resolve("tests.sha256");
    }

    /** Lets the installation take a file. */
    Path trust(Path file) {
        if (trusted != null) {
            append(trusted, digest(file) + "  " + file.getFileName());
        }
        return file;
    }

    private static String digest(Path file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    private static void append(Path list, String line) {
        try {
            Files.writeString(list, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Revokes a file that the installation would take. */
    Path revoke(Path file) {
        append(Objects.requireNonNull(trusted).resolveSibling("revoked.txt"), "sha256:" + digest(file));
        return file;
    }

    /** Returns a version, signed by somebody whom the installation does not know. */
    Path foreign(Path shipped, String version) {
        var file = copy(shipped, version, Map.of(), Map.of());
        var keys = folder.resolve("stranger.p12").toString();
        var java = Path.of(System.getProperty("java.home"), "bin");
        if (!Files.exists(Path.of(keys))) {
            run(
                    java.resolve("keytool").toString(),
                    "-genkeypair",
                    "-keystore",
                    keys,
                    "-storepass",
                    "stranger",
                    "-alias",
                    "stranger",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=stranger",
                    "-validity",
                    "2");
        }
        run(
                java.resolve("jarsigner").toString(),
                "-keystore",
                keys,
                "-storepass",
                "stranger",
                file.toString(),
                "stranger");
        return file;
    }

    /** Returns a signed version of which an entry was changed afterwards. */
    Path tampered(Path shipped, String version) {
        var signed = foreign(shipped, version);
        var file = folder.resolve("tampered.jar");
        try (var in = new JarFile(signed.toFile());
                var out = new JarOutputStream(Files.newOutputStream(file))) {
            for (var entry : in.stream().filter(entry -> !entry.isDirectory()).toList()) {
                out.putNextEntry(new JarEntry(entry.getName()));
                in.getInputStream(entry).transferTo(out);
                if (entry.getName().endsWith(".xml")) {
                    out.write('\n');
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    private void run(String... words) {
        new Command(List.of(words), folder, Map.of(), Duration.ofSeconds(60))
                .run()
                .succeeded();
    }

    /** Returns the same plug-in under another version. */
    Path version(Path shipped, String version) {
        return write(shipped, version, Map.of(), Map.of());
    }

    /** Returns the same plug-in under another version and with other headers in its manifest. */
    Path version(Path shipped, String version, Map<String, String> headers) {
        return write(shipped, version, headers, Map.of());
    }

    /** Returns a version of which a component is replaced, or that has one more. */
    Path bad(Path shipped, String version, BadComponent component) {
        return bad(shipped, version, component, Map.of());
    }

    /** The same with other headers in its manifest. */
    Path bad(Path shipped, String version, BadComponent component, Map<String, String> headers) {
        var more = new TreeMap<String, byte[]>();
        component.types().forEach(type -> more.put(BAD + type + ".class", classBytes(type)));
        more.put(component.file(), component.descriptor().getBytes(StandardCharsets.UTF_8));
        var all = new TreeMap<>(headers);
        all.put("Service-Component", component.among(header(shipped, "Service-Component")));
        return write(shipped, version, all, more);
    }

    private static String header(Path jar, String name) {
        try (var file = new JarFile(jar.toFile())) {
            return file.getManifest().getMainAttributes().getValue(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] classBytes(String type) {
        try (var in = PluginJars.class.getResourceAsStream("bad/" + type + ".class")) {
            if (in == null) {
                throw new AssertionError("no class " + type);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a jar whose one entry unpacks to much more than it takes. */
    Path bomb(long bytes) {
        var file = folder.resolve("bomb-" + bytes + ".jar");
        try (var out = new JarOutputStream(Files.newOutputStream(file))) {
            out.putNextEntry(new JarEntry(MANIFEST));
            out.write("Manifest-Version: 1.0\nBundle-SymbolicName: io.slipway.runtime.noop\nBundle-Version: 9.9\n\n"
                    .getBytes(StandardCharsets.UTF_8));
            out.putNextEntry(new JarEntry("zeros"));
            var zeros = new byte[1 << 20];
            for (var left = bytes; left > 0; left -= zeros.length) {
                out.write(zeros);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    /** Returns a file with a jar's name and no jar's content. */
    Path noJar() {
        try {
            return Files.writeString(folder.resolve("no.jar"), "this is no jar");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path write(Path shipped, String version, Map<String, String> headers, Map<String, byte[]> more) {
        return trust(copy(shipped, version, headers, more));
    }

    /** Copies without signatures: what is changed is not what was signed. */
    private Path copy(Path shipped, String version, Map<String, String> headers, Map<String, byte[]> more) {
        var file = folder.resolve(shipped.getParent().getFileName() + "-" + version + "-"
                + String.join("-", more.keySet()).replaceAll("\\W", "") + headers.size() + ".jar");
        if (Files.exists(file)) {
            return file; // the same bytes again: a version never changes
        }
        try (var in = new JarFile(shipped.toFile());
                var out = new JarOutputStream(Files.newOutputStream(file))) {
            var manifest = new Manifest(in.getManifest());
            manifest.getEntries().clear();
            manifest.getMainAttributes().putValue("Bundle-Version", version);
            manifest.getMainAttributes()
                    .computeIfPresent(
                            new java.util.jar.Attributes.Name("Import-Package"),
                            (name, value) -> value.toString().contains("io.slipway.plugin.api")
                                    ? value
                                    : value + ",io.slipway.plugin.api;version=\"[1.0,2)\"");
            headers.forEach(manifest.getMainAttributes()::putValue);
            out.putNextEntry(new JarEntry(MANIFEST));
            manifest.write(out);
            for (var entry : in.stream().filter(PluginJars::isContent).toList()) {
                out.putNextEntry(new JarEntry(entry.getName()));
                in.getInputStream(entry).transferTo(out);
            }
            for (var entry : more.entrySet()) {
                out.putNextEntry(new JarEntry(entry.getKey()));
                out.write(entry.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    private static boolean isContent(JarEntry entry) {
        var name = entry.getName();
        return !entry.isDirectory() && !name.equals(MANIFEST) && !name.matches("META-INF/[^/]*\\.(SF|RSA|DSA|EC)");
    }
}
