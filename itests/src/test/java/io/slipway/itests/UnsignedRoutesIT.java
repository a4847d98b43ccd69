package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
    private static final String GUARD = "io.slipway.plugin.guard";

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
        var jar = UnsignedJars.bundle(folder, "by-bundle");
        installation.shell("bundle:install -s " + jar.toUri());
        installation.shell("bundle:install -s -l 1 "
                + UnsignedJars.bundle(folder, "by-level").toUri());
        installation.shell("bundle:start test.by-bundle");
        nothingStarted();
        audited(jar.toUri().toString());
    }

    @Test
    @Order(2)
    void bundleInstallFromALocalRepository() throws IOException {
        var file = home().resolve("data/repository/test/by-maven/1.0.0/by-maven-1.0.0.jar");
        Files.createDirectories(file.getParent());
        Files.copy(UnsignedJars.bundle(folder, "by-maven"), file);
        installation.shell("bundle:install -s mvn:test/by-maven/1.0.0");
        nothingStarted();
    }

    @Test
    @Order(3)
    void bundleUpdateOfWhatTheDistributionBrought() {
        var evil = UnsignedJars.bundle(folder, "by-update");
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
                + UnsignedJars.bundle(folder, "by-fragment", "Fragment-Host: " + SHIPPED)
                        .toUri());
        installation.shell("bundle:refresh " + SHIPPED);
        nothingStarted();
    }

    @Test
    @Order(5)
    void featureWithABundle() {
        feature(
                "by-feature",
                "<bundle>" + UnsignedJars.bundle(folder, "by-feature").toUri() + "</bundle>");
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
        for (var jar : List.of(newNoop("7.0.0"), UnsignedJars.bundle(folder, "by-folder"))) {
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
        Files.copy(UnsignedJars.bundle(folder, "by-watch"), watched.resolve("by-watch.jar"));
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
            refusedByShell(command);
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
    @Order(13)
    void anArchiveByOwnCommandOrInTheFolder() throws IOException {
        var archive = UnsignedJars.archive(folder, newNoop("13.0.0"));
        refusedByShell("plugin-install " + archive);
        Files.copy(archive, home().resolve("deploy/noop-13.kar"));
        refusedInFolder("noop-13.kar");
        nothingStarted();
    }

    @Test
    @Order(14)
    void aSuperadminOverHttpAndWhateverComesByUrlOrName() throws Exception {
        var jar = newNoop("14.0.0");
        var http = new PluginControl(SignedHttp.admin(installation));
        assertUnsigned(http.install("noop", jar));
        try (var server = OneFileServer.of(jar)) {
            refusedByShell("plugin-install " + server.url());
            assertUnsigned(http.fetch(server.url()));
        }
        var repository = UnsignedJars.repository(folder, jar, "14.0.0");
        Files.writeString(
                home().resolve("etc/io.slipway.plugin.sources.fetch.cfg"), "repositories = " + repository + "\n");
        Await.until(
                LIMIT,
                () -> installation.shell("slipway:plugin-install noop@14.0.0").all(),
                all -> all.contains("UNSIGNED"));
        assertUnsigned(http.fetch("noop@14.0.0"));
        nothingStarted();
    }

    private static void assertUnsigned(PluginControl.Outcome outcome) {
        assertTrue(!outcome.isDone() && outcome.words().contains("UNSIGNED"), outcome::toString);
    }

    private static void refusedByShell(String command) {
        var result = installation.shell("slipway:" + command);
        assertTrue(result.exit() != 0 && result.all().contains("UNSIGNED"), result::all);
    }

    @Test
    @Order(15)
    void aVersionThatSomebodyHasPutOnDisk() throws IOException {
        var put = home().resolve("plugins/noop/15.0.0.jar");
        Files.copy(newNoop("15.0.0"), put);
        refusedByShell("plugin-swap noop --version 15.0.0");
        assertUnsigned(new PluginControl(SignedHttp.admin(installation)).select("noop", "15.0.0"));
        Files.delete(put);
        nothingStarted();
    }

    @Test
    @Order(16)
    void whoStopsTheGuardFirst() {
        for (var command : List.of("bundle:stop", "bundle:start-level", "bundle:uninstall", "bundle:update")) {
            var result = installation.shell(command + " " + GUARD + " 90");
            assertTrue(result.all().contains("Insufficient credentials"), result::all);
        }
        var number = guard().replaceFirst(" .*", "");
        var evil = UnsignedJars.bundle(folder, "unguarded").toUri();
        for (var command :
                List.of("stop NUMBER", "start-level NUMBER 90", "update NUMBER " + evil, "uninstall NUMBER")) {
            var result =
                    installation.shell("bundle:" + command.replace("NUMBER", number) + "; bundle:install -s " + evil);
            assertTrue(result.all().contains("Cannot start an uninstalled bundle"), result::all);
            Await.until(LIMIT, UnsignedRoutesIT::guard, line -> line.matches("\\d+ +\\S+ +Active +\\S+ +1 .*"));
        }
        nothingStarted();
        audited("somebody has stopped the guard");
    }

    /** Returns the line of the guard's bundle in the list, from its number on; empty if there is none. */
    private static String guard() {
        return installation
                .shell("bundle:list -t 0 -s")
                .succeeded()
                .out()
                .lines()
                .map(String::strip)
                .filter(line -> line.endsWith(GUARD))
                .findFirst()
                .orElse("");
    }

    @Test
    @Order(17)
    void aLocationThatBeginsAsThatOfAPlugin() {
        var stream = "(new java.io.FileInputStream " + UnsignedJars.bundle(folder, "by-location") + ")";
        var result = installation.shell("b = ($.context installBundle slipway-plugin:x " + stream + "); $b start");
        assertTrue(result.all().contains("Cannot start an uninstalled bundle"), result::all);
        nothingStarted();
        audited("slipway-plugin:x");
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
    @Order(18)
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

    /** A feature is packaging alone: what it brought stays when it goes. */
    @Test
    @Order(19)
    void aSignedOneOfAFeatureIsTheLifecyclesFromThenOn() throws Exception {
        site.trustedBy(home());
        var jar = newNoop("32.0.0");
        site.sign(jar);
        feature("by-signed-file", "<configfile finalname='deploy/noop-32.0.0.jar'>" + jar.toUri() + "</configfile>");
        Await.until(LIMIT, UnsignedRoutesIT::noopVersion, "32.0.0"::equals);
        installation.shell("feature:uninstall by-signed-file").succeeded();
        feature("of-nothing", "");
        installation.shell("feature:uninstall of-nothing").succeeded();
        var info = Await.until(
                LIMIT,
                () -> Api.json(
                        installation.shell("slipway:plugin-info --json noop").out()),
                found -> !found.path("state").asText().equals("PROBATION"));
        assertEquals("32.0.0", info.path("version").asText(), info::toString);
        assertEquals("ACTIVE", info.path("state").asText(), info::toString);
    }

    private static String noopVersion() {
        return installation
                .shell("slipway:plugin-info --json noop")
                .out()
                .replaceAll("(?s).*?\"version\" : \"([^\"]*)\".*", "$1");
    }
}
