package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** In production mode, which is the default, there is no way by which an unsigned bundle starts: each is tried. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class UnsignedRoutesIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String SHIPPED = "io.slipway.plugin.shell";

    @TempDir
    private static Path folder;

    private static Installation installation;
    private static TestSigner site;

    @BeforeAll
    static void start() {
        installation = Installation.start();
        site = TestSigner.of(folder, "site");
    }

    @AfterAll
    static void stop() {
        installation.close();
    }

    private static Path home() {
        return installation.home();
    }

    /** Makes a bundle that nobody has signed. */
    private static Path unsigned(String name, String... headers) {
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

    private static Path noop() {
        return home().resolve("plugins/noop/0.1.0.SNAPSHOT.jar");
    }

    private static Path newNoop(String version) {
        return TestSigner.unsignedCopy(noop(), folder, version);
    }

    /** Fails if a bundle of a test is there. */
    private static void nothingStarted() {
        var list = installation.shell("bundle:list -t 0 -s").succeeded().out();
        assertTrue(list.contains(SHIPPED), list);
        assertFalse(list.contains("test."), list);
        var plugins = Api.json(
                installation.shell("slipway:plugin-list --json").succeeded().out());
        plugins.forEach(plugin -> {
            assertEquals("0.1.0.SNAPSHOT", plugin.path("version").asText(), plugin::toString);
            assertEquals("ACTIVE", plugin.path("state").asText(), plugin::toString);
        });
        assertEquals(8, plugins.size(), plugins::toString);
    }

    private static void audited(String part) {
        var expected = Pattern.compile("AUDIT.*" + Pattern.quote(part));
        assertTrue(expected.matcher(installation.log()).find(), () -> "no line about " + part);
    }

    @Test
    @Order(1)
    void bundleInstall() {
        var jar = unsigned("by-bundle");
        installation.shell("bundle:install -s " + jar.toUri());
        installation.shell("bundle:install -s -l 1 " + unsigned("by-level").toUri());
        installation.shell("bundle:start test.by-bundle");
        nothingStarted();
        audited(jar.toUri().toString());
    }

    @Test
    @Order(2)
    void bundleInstallFromALocalRepository() throws IOException {
        var file = home().resolve("data/repository/test/by-maven/1.0.0/by-maven-1.0.0.jar");
        Files.createDirectories(file.getParent());
        Files.copy(unsigned("by-maven"), file);
        installation.shell("bundle:install -s mvn:test/by-maven/1.0.0");
        nothingStarted();
    }

    @Test
    @Order(3)
    void bundleUpdateOfWhatTheDistributionBrought() {
        var evil = unsigned("by-update");
        installation.shell("bundle:update " + SHIPPED + " " + evil.toUri());
        Await.until(
                LIMIT,
                () -> installation.shell("bundle:list -t 0 -s").out(),
                list -> list.lines().anyMatch(line -> line.contains(SHIPPED) && line.contains("Active")));
        nothingStarted();
        audited("its content is not what");
    }

    @Test
    @Order(4)
    void fragmentOfWhatTheDistributionBrought() {
        installation.shell("bundle:install "
                + unsigned("by-fragment", "Fragment-Host: " + SHIPPED).toUri());
        installation.shell("bundle:refresh " + SHIPPED);
        nothingStarted();
    }

    @Test
    @Order(5)
    void featureWithABundle() {
        feature("by-feature", "<bundle>" + unsigned("by-feature").toUri() + "</bundle>");
        nothingStarted();
        installation.shell("feature:uninstall by-feature");
    }

    private static void feature(String name, String content) {
        var file = folder.resolve(name + ".xml");
        try {
            Files.writeString(
                    file,
                    "<features xmlns='http://karaf.apache.org/xmlns/features/v1.6.0' name='" + name
                            + "'><feature name='" + name + "' version='1'>" + content + "</feature></features>");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        installation.shell("feature:repo-add " + file.toUri()).succeeded();
        installation.shell("feature:install " + name);
    }

    @Test
    @Order(6)
    void featureThatPutsAFileIntoTheFolder() {
        var jar = newNoop("6.0.0");
        feature("by-file", "<configfile finalname='deploy/noop-6.0.0.jar'>" + jar.toUri() + "</configfile>");
        refusedInFolder("noop-6.0.0.jar");
        nothingStarted();
    }

    private static void refusedInFolder(String name) {
        var reason = home().resolve("deploy").resolve(name + ".refused.txt");
        Await.until(LIMIT, () -> Files.exists(reason), isThere -> isThere);
        assertTrue(Files.notExists(home().resolve("deploy").resolve(name)));
        audited(name);
    }

    @Test
    @Order(7)
    void fileInTheFolder() throws IOException {
        for (var jar : List.of(newNoop("7.0.0"), unsigned("by-folder"))) {
            var name = String.valueOf(jar.getFileName());
            Files.copy(jar, home().resolve("deploy").resolve(name));
            refusedInFolder(name);
        }
        nothingStarted();
    }

    @Test
    @Order(8)
    void folderThatIsWatchedBecauseOfASetting() throws Exception {
        var watched = Files.createDirectories(folder.resolve("watched"));
        Files.copy(unsigned("by-watch"), watched.resolve("by-watch.jar"));
        Files.writeString(
                home().resolve("etc/org.apache.felix.fileinstall-test.cfg"),
                "felix.fileinstall.dir = " + watched + "\nfelix.fileinstall.poll = 200\n");
        Await.until(LIMIT, installation::log, log -> log.contains("test.by-watch"));
        nothingStarted();
    }

    @Test
    @Order(9)
    void karafArchive() {
        assertTrue(installation.shell("kar:install file:/tmp/x.kar").all().contains("not found"));
    }

    @Test
    @Order(10)
    void ownCommands() {
        var jar = newNoop("10.0.0");
        for (var command :
                List.of("plugin-install " + jar, "plugin-swap noop " + jar, "plugin-install --id other " + jar)) {
            var result = installation.shell("slipway:" + command);
            assertTrue(result.exit() != 0 && result.all().contains("UNSIGNED"), result::all);
        }
        nothingStarted();
    }

    @Test
    @Order(11)
    void noUserOverHttp() {
        assertEquals(
                401, SignedHttp.user(installation).send("GET", "/plugins", null).statusCode());
    }

    @Test
    @Order(12)
    void changedAfterItWasSigned() throws Exception {
        site.trustedBy(home());
        var jar = newNoop("12.0.0");
        site.sign(jar);
        TestSigner.change(jar);
        var result = installation.shell("slipway:plugin-install " + jar);
        assertTrue(result.exit() != 0 && result.all().contains("TAMPERED"), result::all);
        nothingStarted();
    }

    @Test
    @Order(20)
    void fileInTheHomeOfPluginsAndARestart() throws IOException {
        Files.copy(newNoop("20.0.0"), home().resolve("plugins/noop/20.0.0.jar"));
        var other = Files.createDirectories(home().resolve("plugins/other"));
        Files.copy(newNoop("20.0.0"), other.resolve("20.0.0.jar"));
        installation
                .launcher(Duration.ofMinutes(2), "down", "--home", home().toString())
                .succeeded();
        installation.up();
        var list = installation.shell("bundle:list -t 0 -s").succeeded().out();
        assertFalse(list.contains("test."), "what was refused before is gone: " + list);
        var plugins = Api.json(
                installation.shell("slipway:plugin-list --json").succeeded().out());
        plugins.forEach(plugin -> {
            var isOther = plugin.path("id").asText().equals("other");
            assertEquals(isOther ? "FAILED" : "ACTIVE", plugin.path("state").asText(), plugin::toString);
            assertEquals(isOther, plugin.path("why").asText().contains("UNSIGNED"), plugin::toString);
        });
        assertEquals(9, plugins.size());
    }

    @Test
    @Order(15)
    void signedOnesAreTakenEverywhere() throws Exception {
        site.trustedBy(home());
        var dropped = newNoop("30.0.0");
        site.sign(dropped);
        Files.copy(dropped, home().resolve("deploy/noop-30.0.0.jar"));
        Await.until(LIMIT, UnsignedRoutesIT::noopVersion, "30.0.0"::equals);
        Await.until(LIMIT, () -> Files.exists(home().resolve("deploy/noop-30.0.0.jar")), isThere -> !isThere);
        var ordered = newNoop("31.0.0");
        site.sign(ordered);
        var result = installation.shell("slipway:plugin-install " + ordered).succeeded();
        assertTrue(result.out().contains("noop 31.0.0: promote"), result::out);
        assertEquals("31.0.0", noopVersion());
        installation.shell("slipway:plugin-rollback noop").succeeded();
        assertEquals("30.0.0", noopVersion());
    }

    private static String noopVersion() {
        return installation
                .shell("slipway:plugin-info --json noop")
                .out()
                .replaceAll("(?s).*?\"version\" : \"([^\"]*)\".*", "$1");
    }
}
