package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** In the distribution's own framework: each feature installs alone, goes again, and nobody gets more rights than his. */
class FeaturesIT {

    private static final Pattern REFRESHED = Pattern.compile("FeaturesServiceImpl +\\| {3,}(\\S+)/\\S+ \\(");
    private static final Pattern UNRESOLVED =
            Pattern.compile("\\| *Installed *\\|.*?(io\\.slipway\\.\\S+|org\\.\\S+|com\\.\\S+)");
    /** The last column. */
    private static final Pattern NAME = Pattern.compile("(?m)^ *\\d+ *\\|.*\\| *([^| \\r\\n]+) *\\r?$");

    private static final Pattern FEATURE = Pattern.compile("<feature name=\"([^\"]+)\"");
    /** In every framework of ours from its start on. */
    private static final String FIRST = "slipway-start";

    private static final String HOST = "org.apache.karaf.log.core";

    @TempDir
    private static Path folder;

    private static BareKaraf karaf;

    @BeforeAll
    static void start() throws IOException {
        karaf = BareKaraf.start();
    }

    @AfterAll
    static void stop() throws IOException {
        karaf.close();
    }

    /** Returns the names of all features that there are files of. */
    static List<String> features() throws IOException {
        var names = new ArrayList<String>();
        try (var files = Files.list(Installation.ROOT.resolve("karaf-features/src/main/features"))) {
            for (var file : files.sorted().toList()) {
                FEATURE.matcher(Files.readString(file)).results().forEach(found -> names.add(found.group(1)));
            }
        }
        assertTrue(
                names.containsAll(List.of(FIRST, "slipway-agent", "slipway-gateway", "slipway-shell")),
                names::toString);
        return names;
    }

    /** One after the other, as an operator does it, and away in the other order: what was there before stays as it is. */
    @Test
    void addsUpWithoutRefreshingAnything() throws IOException {
        var order = List.of("slipway-agent", "slipway-gateway", "slipway-shell");
        for (var feature : order) {
            assertEquals(Set.of(), refreshedBy("feature:install " + feature), "refreshed by " + feature);
            assertEquals(List.of(), unresolved(), feature + " left bundles unresolved");
        }
        for (var feature : order.reversed()) {
            assertEquals(
                    Set.of(), refreshedBy("feature:uninstall " + feature), "refreshed by the removal of " + feature);
            assertEquals(List.of(), unresolved(), "without " + feature);
        }
    }

    /** Of what is there before and after. */
    private static Set<String> refreshedBy(String command) throws IOException {
        var there = all();
        var mark = karaf.logMark();
        karaf.run(BareKaraf.ADMIN, command).succeeded();
        there.retainAll(all());
        return refreshed(there, karaf.logSince(mark));
    }

    @ParameterizedTest
    @MethodSource("features")
    void installsAndGoesWithoutRefreshingTheFramework(String feature) throws IOException {
        if (feature.equals(FIRST)) {
            assertTrue(all().contains("io.slipway.plugin.guard"), "the framework starts it");
        }
        var before = all();
        var mark = karaf.logMark();
        var install = karaf.run(BareKaraf.ADMIN, "feature:install " + feature);
        assertEquals(0, install.exit(), () -> feature + " does not resolve: " + install.out());
        assertEquals(List.of(), unresolved(), feature + " left bundles unresolved");
        assertEquals(Set.of(), refreshed(before, karaf.logSince(mark)), "refreshed by " + feature);
        if (feature.equals(FIRST)) {
            return; // without it nobody could log in to look
        }
        mark = karaf.logMark();
        karaf.run(BareKaraf.ADMIN, "feature:uninstall " + feature).succeeded();
        var after = all();
        assertTrue(before.containsAll(after), () -> "left behind by " + feature + ": " + after);
        // what went with it was no part of the framework
        before.retainAll(after);
        assertEquals(Set.of(), refreshed(before, karaf.logSince(mark)), "refreshed by the removal of " + feature);
    }

    @Test
    void whatDoesNotResolveIsNamed() throws IOException {
        var feature = feature("unresolvable", "Import-Package: no.such.place");
        try {
            var install = karaf.run(BareKaraf.ADMIN, "feature:install " + feature);
            assertTrue(install.exit() != 0, install.out());
            assertTrue(install.out().contains("test.unresolvable"), install.out());
            assertTrue(install.out().contains("no.such.place"), install.out());
        } finally {
            removeRepository(feature);
        }
    }

    @Test
    void aRefreshOfAnInstalledBundleIsNoticed() throws IOException {
        var feature = feature("intruder", "Fragment-Host: " + HOST);
        var before = all();
        var mark = karaf.logMark();
        try {
            karaf.run(BareKaraf.ADMIN, "feature:install " + feature).succeeded();
            assertTrue(refreshed(before, karaf.logSince(mark)).contains(HOST), () -> since(mark));
        } finally {
            karaf.run(BareKaraf.ADMIN, "feature:uninstall " + feature);
            removeRepository(feature);
        }
    }

    /** Makes a feature of one bundle, known to the framework by a repository of its own. */
    private static String feature(String name, String header) throws IOException {
        var manifest = new Manifest(new ByteArrayInputStream(("Manifest-Version: 1.0\nBundle-ManifestVersion: 2\n"
                        + "Bundle-SymbolicName: test." + name + "\nBundle-Version: 1\n" + header + "\n")
                .getBytes(StandardCharsets.UTF_8)));
        var jar = folder.resolve(name + ".jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        var repository = Files.writeString(
                folder.resolve(name + ".xml"),
                "<features xmlns='http://karaf.apache.org/xmlns/features/v1.6.0' name='test-" + name
                        + "'><feature name='test-" + name + "' version='1'><bundle>" + jar.toUri()
                        + "</bundle></feature></features>");
        karaf.run(BareKaraf.ADMIN, "feature:repo-add " + repository.toUri()).succeeded();
        return "test-" + name;
    }

    private static void removeRepository(String feature) {
        karaf.run(BareKaraf.ADMIN, "feature:repo-remove " + feature);
    }

    private static String since(int mark) {
        try {
            return karaf.logSince(mark);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void viewerMayLookButNotTouch() {
        assertTrue(karaf.run(BareKaraf.VIEWER, "jaas:whoami").out().contains("viewer"));
        assertTrue(karaf.run(BareKaraf.VIEWER, "bundle:list -t 0").out().contains("Active"));
        for (var command : List.of(
                "bundle:stop org.apache.karaf.log.core",
                "feature:install slipway-base",
                "feature:uninstall log",
                "bundle:install file:/tmp/x.jar",
                "echo x | bundle:stop org.apache.karaf.log.core",
                "bundle:list | grep log; bundle:stop org.apache.karaf.log.core")) {
            var result = karaf.run(BareKaraf.VIEWER, command);
            assertTrue(result.out().contains("Command not found"), () -> command + " said " + result.out());
        }
        assertTrue(karaf.run(BareKaraf.ADMIN, "bundle:list -t 0 -s").out().contains("log.core"));
        assertFalse(karaf.run(BareKaraf.ADMIN, "bundle:list -t 0 -s | grep log.core")
                .out()
                .contains("Resolved"));
    }

    @Test
    void adminMay() {
        karaf.run(BareKaraf.ADMIN, "bundle:stop org.apache.karaf.log.core").succeeded();
        karaf.run(BareKaraf.ADMIN, "bundle:start org.apache.karaf.log.core").succeeded();
    }

    @Test
    void nobodySignsInWithAnotherKeyOrNone() {
        assertFalse(
                karaf.run(BareKaraf.ADMIN, "viewer.key", "jaas:whoami").out().contains("slipway\n"));
        assertFalse(karaf.run("karaf", "slipway.key", "jaas:whoami").out().contains("karaf\n"));
        assertEquals(1, karaf.run("root", "nokey", "jaas:whoami").exit());
    }

    /** Returns the symbolic names of all bundles there are. */
    private static Set<String> all() {
        var names = new TreeSet<String>();
        var matcher = NAME.matcher(list());
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        assertTrue(names.contains(HOST), names::toString);
        return names;
    }

    private static List<String> unresolved() {
        var names = new ArrayList<String>();
        var matcher = UNRESOLVED.matcher(list());
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    private static String list() {
        return karaf.run(BareKaraf.ADMIN, "bundle:list -t 0 -s").succeeded().out();
    }

    /** What was refreshed of that which was there before. */
    private static Set<String> refreshed(Set<String> before, String log) {
        var names = new TreeSet<String>();
        var matcher = REFRESHED.matcher(log);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        names.retainAll(before);
        return names;
    }
}
