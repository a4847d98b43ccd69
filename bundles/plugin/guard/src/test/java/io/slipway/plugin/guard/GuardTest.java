package io.slipway.plugin.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** In a real framework. */
@Timeout(60)
class GuardTest {

    private static final String SHIPPED = "mvn:org.acme/shipped/1.0.0";

    @TempDir
    Path home;

    private Framework framework;

    @BeforeEach
    void start() throws Exception {
        write(home.resolve("system/org/acme/shipped/1.0.0/shipped-1.0.0.jar"), bundle("org.acme.shipped", "shipped"));
        framework = framework();
    }

    @AfterEach
    void stop() throws Exception {
        stop(framework);
    }

    private static void stop(Framework running) throws Exception {
        running.stop();
        running.waitForStop(10_000);
    }

    private Framework framework() throws Exception {
        var made = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE, home.resolve("cache").toString(), "karaf.base", home.toString()));
        made.init();
        new GuardActivator().start(made.getBundleContext());
        made.start();
        return made;
    }

    private static void write(Path file, byte[] content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    private static byte[] bundle(String name, String content, String... headers) throws IOException {
        var text = "Manifest-Version: 1.0\nBundle-ManifestVersion: 2\nBundle-SymbolicName: " + name
                + "\nBundle-Version: 1.0.0\n" + String.join("\n", headers) + (headers.length == 0 ? "" : "\n");
        var out = new ByteArrayOutputStream();
        var manifest = new Manifest(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        try (var jar = new JarOutputStream(out, manifest)) {
            jar.putNextEntry(new ZipEntry("folder/content.txt"));
            jar.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    private Bundle install(String location, byte[] content) throws BundleException {
        return framework.getBundleContext().installBundle(location, new ByteArrayInputStream(content));
    }

    @Test
    void startsWhatTheDistributionBrought() throws Exception {
        var shipped = install(SHIPPED, bundle("org.acme.shipped", "shipped"));
        shipped.start();
        assertEquals(Bundle.ACTIVE, shipped.getState());
    }

    @Test
    void startsWhatThePluginLifecycleInstalled() throws Exception {
        var plugin = install("slipway-plugin:acme/1.0.0/abc", bundle("org.acme.plugin", "x"));
        plugin.start();
        assertEquals(Bundle.ACTIVE, plugin.getState());
    }

    @Test
    void startsNothingElse() throws Exception {
        for (var location : new String[] {
            "file:/tmp/x.jar",
            "http://example.org/x.jar",
            "mvn:org.acme/other/1.0.0",
            "mvn:org.acme/../1.0.0",
            "mvn:http://example.org!org.acme/shipped/1.0.0",
            "wrap:mvn:org.acme/shipped/1.0.0",
            "inputstream:x"
        }) {
            var bundle = install(location, bundle("x" + location.hashCode(), "x"));
            assertThrows(IllegalStateException.class, bundle::start, location);
            assertEquals(Bundle.UNINSTALLED, bundle.getState(), location);
        }
    }

    @Test
    void attachesNoFragmentOfAStranger() throws Exception {
        var fragment = install("file:/tmp/f.jar", bundle("f", "x", "Fragment-Host: org.acme.shipped"));
        install(SHIPPED, bundle("org.acme.shipped", "shipped")).start();
        assertEquals(Bundle.UNINSTALLED, fragment.getState());
    }

    @Test
    void givesABundleOfTheDistributionItsContentBack() throws Exception {
        var shipped = install(SHIPPED, bundle("org.acme.shipped", "shipped"));
        shipped.start();
        var evil = bundle("org.acme.shipped", "evil");
        shipped.update(new ByteArrayInputStream(evil));
        assertEquals(Bundle.ACTIVE, shipped.getState());
        try (var content = shipped.getEntry("folder/content.txt").openStream()) {
            assertEquals("shipped", new String(content.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void letsABundleOfTheDistributionBeUpdatedFromItsFile() throws Exception {
        var shipped = install(SHIPPED, bundle("org.acme.shipped", "shipped"));
        shipped.start();
        shipped.update(Files.newInputStream(home.resolve("system/org/acme/shipped/1.0.0/shipped-1.0.0.jar")));
        assertEquals(Bundle.ACTIVE, shipped.getState());
    }

    @Test
    void startsAnythingInDevelopmentModeAndNoMoreAfterwards() throws Exception {
        var settings = home.resolve("etc/io.slipway.plugin.sources.cfg");
        write(settings, "allowUnsigned = true\n".getBytes(StandardCharsets.UTF_8));
        var bundle = install("file:/tmp/x.jar", bundle("x", "x"));
        bundle.start();
        assertEquals(Bundle.ACTIVE, bundle.getState());
        stop(framework);
        write(settings, "allowUnsigned = false\n".getBytes(StandardCharsets.UTF_8));
        framework = framework();
        assertEquals(1, framework.getBundleContext().getBundles().length, "only the framework is left");
    }
}
