package io.slipway.plugin.guard;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.BiFunction;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.startlevel.BundleStartLevel;

/** A real framework with the guard as a bundle, and a small distribution. */
final class GuardedFramework {

    static final String SHIPPED = "mvn:org.acme/shipped/1.0.0";
    static final String GUARD = "mvn:io.slipway/io.slipway.plugin.guard/1.0.0";
    static final String LIFECYCLE = "mvn:io.slipway/io.slipway.plugin.lifecycle/1.0.0";

    private final Path home;
    private Framework framework;

    GuardedFramework(Path home) throws IOException, BundleException {
        this.home = home;
        write(file(SHIPPED), bundle("org.acme.shipped", "shipped"));
        write(file(GUARD), ownJar());
        write(file(LIFECYCLE), standIn());
        framework = begin();
        if (framework.getBundleContext().getBundle(GUARD) == null) {
            var guard = install(GUARD, Files.readAllBytes(file(GUARD)));
            guard.adapt(BundleStartLevel.class).setStartLevel(1);
            guard.start();
        }
    }

    private Framework begin() throws BundleException {
        var made = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        home.resolve("cache").toString(),
                        Constants.FRAMEWORK_BEGINNING_STARTLEVEL,
                        "60",
                        "karaf.base",
                        home.toString()));
        made.start();
        return made;
    }

    void stop() throws BundleException, InterruptedException {
        framework.stop();
        framework.waitForStop(10_000);
    }

    /** The next start of the server, from what is on disk. */
    void restart() throws BundleException, InterruptedException {
        stop();
        framework = begin();
    }

    Path file(String location) {
        var words = location.substring("mvn:".length()).split("/", -1);
        return home.resolve("system")
                .resolve(words[0].replace('.', '/'))
                .resolve(words[1])
                .resolve(words[2])
                .resolve(words[1] + "-" + words[2] + ".jar");
    }

    Bundle guard() {
        return framework.getBundleContext().getBundle(GUARD);
    }

    Bundle find(String location) {
        return framework.getBundleContext().getBundle(location);
    }

    Bundle install(String location, byte[] content) throws BundleException {
        return framework.getBundleContext().installBundle(location, new ByteArrayInputStream(content));
    }

    /** Has the code of a bundle install another. */
    @SuppressWarnings("unchecked")
    Bundle installBy(Bundle installer, String location, byte[] content) throws InvalidSyntaxException {
        var context = installer.getBundleContext();
        var references = context.getServiceReferences(BiFunction.class.getName(), LifecycleStandIn.FILTER);
        var installs = context.getService(Arrays.stream(references)
                .filter(each -> each.getBundle().equals(installer))
                .findFirst()
                .orElseThrow());
        return (Bundle) ((BiFunction<String, byte[], Object>) installs).apply(location, content);
    }

    void allowUnsigned(boolean isAllowed) throws IOException {
        write(
                home.resolve("etc/io.slipway.plugin.sources.cfg"),
                ("allowUnsigned = " + isAllowed + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static void write(Path file, byte[] content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    /** Makes a bundle that does nothing. */
    static byte[] bundle(String name, String content, String... headers) throws IOException {
        return bundle(name, "folder/content.txt", content.getBytes(StandardCharsets.UTF_8), headers);
    }

    private static byte[] bundle(String name, String entry, byte[] content, String... headers) throws IOException {
        var text = "Manifest-Version: 1.0\nBundle-ManifestVersion: 2\nBundle-SymbolicName: " + name
                + "\nBundle-Version: 1.0.0\n" + String.join("\n", headers) + (headers.length == 0 ? "" : "\n");
        var out = new ByteArrayOutputStream();
        var manifest = new Manifest(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        try (var jar = new JarOutputStream(out, manifest)) {
            jar.putNextEntry(new ZipEntry(entry));
            jar.write(content);
        }
        return out.toByteArray();
    }

    /** Makes a bundle with code that installs others. */
    static byte[] standIn() throws IOException {
        var entry = LifecycleStandIn.class.getName().replace('.', '/') + ".class";
        try (var in = LifecycleStandIn.class.getClassLoader().getResourceAsStream(entry)) {
            return bundle(
                    "io.slipway.plugin.lifecycle",
                    entry,
                    in.readAllBytes(),
                    "Bundle-Activator: " + LifecycleStandIn.class.getName(),
                    "Import-Package: org.osgi.framework");
        }
    }

    /** Makes the guard's own bundle from what was compiled. */
    private static byte[] ownJar() throws IOException {
        var classes = Path.of(GuardActivator.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
        var out = new ByteArrayOutputStream();
        try (var in = Files.newInputStream(classes.resolve("META-INF/MANIFEST.MF"));
                var jar = new JarOutputStream(out, new Manifest(in));
                var files = Files.walk(classes)) {
            for (var file :
                    files.filter(each -> each.toString().endsWith(".class")).toList()) {
                jar.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                jar.write(Files.readAllBytes(file));
            }
        }
        return out.toByteArray();
    }
}
