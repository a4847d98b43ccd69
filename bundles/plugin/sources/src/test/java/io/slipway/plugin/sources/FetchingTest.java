package io.slipway.plugin.sources;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.plugin.api.PluginContents;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginTransaction;
import io.slipway.plugin.api.PluginVerdict.Finding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FetchingTest {

    private static final String SBOM = """
            {"bomFormat":"CycloneDX","specVersion":"1.6","components":[
              {"type":"library","group":"org.acme","name":"codec","version":"3.1","purl":"pkg:maven/org.acme/codec@3.1",
               "licenses":[{"license":{"id":"Apache-2.0"}}]},
              {"type":"file","name":"driver","licenses":[{"expression":"MIT OR EPL-2.0"},{"license":{"name":"Own"}}]}]}
            """;
    private static final String SBOM_DIGEST =
            HexFormat.of().formatHex(Digests.sha256().digest(SBOM.getBytes(StandardCharsets.UTF_8)));
    private static final Limits LIMITS = new Limits(1 << 20, 2 << 20, 50);

    @TempDir
    Path folder;

    private FileServer server;
    private Path jar;

    @BeforeEach
    void start() throws IOException {
        jar = Jars.plugin(folder.resolve("in/acme-1.2.0.jar"), "org.acme.plugin", "1.2.0", "acme");
        server = new FileServer(folder.resolve("in"));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private String url(String path) {
        return server.url(path);
    }

    private Fetching fetching(boolean isUnsignedAllowed, String... repositories) {
        return fetching(isUnsignedAllowed, Duration.ofSeconds(30), repositories);
    }

    private Fetching fetching(boolean isUnsignedAllowed, Duration limit, String... repositories) {
        var verifier = new SignedJarVerifier(
                folder.resolve("trust"), LIMITS, Map.of(), isUnsignedAllowed, InstantSource.system());
        var names = new PluginNames(folder.resolve("plugins"));
        return new Fetching(
                verifier, names, new Download(Duration.ofSeconds(10), limit), List.of(repositories), LIMITS);
    }

    @Test
    void bringsAJarByPathAndSaysOfWhichPluginItIs() throws Exception {
        try (var fetched = fetching(true).fetch(jar.toString(), Optional.empty())) {
            var plugin = fetched.plugins().getFirst();
            assertEquals(new PluginId("acme"), plugin.artifact().id());
            assertEquals(jar.toString(), plugin.artifact().origin());
            assertEquals(Finding.UNSIGNED_ALLOWED, plugin.verdict().finding());
            assertEquals("1.2.0", plugin.verdict().version());
            assertEquals(-1, Files.mismatch(jar, plugin.artifact().jar()));
        }
    }

    @Test
    void findsOutOfWhichPluginSettingsAre() throws Exception {
        var other = Jars.plugin(folder.resolve("in/other-1.0.0.jar"), "org.acme.other", "1.0.0", "other");
        var archive = Jars.archive(folder.resolve("in/both.kar"), List.of(jar, other));
        try (var fetched = fetching(true).fetch(archive.toString(), Optional.empty())) {
            var settings = fetched.settings(Map.of("org.acme.other.slots", "a=b", "org.acme.other.size", "3"));
            assertEquals(
                    List.of(new PluginTransaction.Settings(
                            new PluginId("other"), "org.acme.other", Map.of("slots", "a=b", "size", "3"))),
                    settings);
            var failure = assertThrows(IOException.class, () -> fetched.settings(Map.of("org.acme.others.size", "3")));
            assertTrue(failure.getMessage().contains("[org.acme.other, org.acme.plugin]"), failure::getMessage);
        }
    }

    @Test
    void leavesNothingBehind() throws Exception {
        var fetched = fetching(true).fetch(jar.toString(), Optional.empty());
        var copy = fetched.plugins().getFirst().artifact().jar();
        assertTrue(Files.exists(copy));
        fetched.close();
        assertTrue(Files.notExists(copy.getParent()));
        assertTrue(Files.exists(jar));
    }

    @Test
    void knowsAnInstalledPluginByItsSymbolicName() throws Exception {
        Jars.plugin(folder.resolve("plugins/house-acme/1.0.0.jar"), "org.acme.plugin", "1.0.0", "acme");
        try (var fetched = fetching(true).fetch(jar.toString(), Optional.empty())) {
            assertEquals(
                    new PluginId("house-acme"),
                    fetched.plugins().getFirst().artifact().id());
        }
    }

    @Test
    void bringsAJarByUrl() throws Exception {
        try (var fetched = fetching(false).fetch(url("/acme-1.2.0.jar?token=secret"), Optional.empty())) {
            var plugin = fetched.plugins().getFirst();
            assertEquals(Finding.UNSIGNED, plugin.verdict().finding());
            assertEquals(url("/acme-1.2.0.jar"), plugin.artifact().origin());
        }
    }

    @Test
    void saysWhatIsWrongWithAPlace() {
        refused("answers 404", url("/none.jar"));
        refused("no URL", "http://[");
        refused("needs a host, and no user", "http://user:pw@127.0.0.1/x.jar");
        refused("there is no file", folder.resolve("none.jar").toString());
        refused("neither a URL, nor an absolute path", "../none.jar");
        refused("has no plug-in repository", "acme");
    }

    private void refused(String words, String where) {
        var failure = assertThrows(IOException.class, () -> fetching(true).fetch(where, Optional.empty()));
        assertTrue(String.valueOf(failure.getMessage()).contains(words), failure::toString);
    }

    @Test
    void refusesWhatIsTooLarge() throws Exception {
        Files.write(folder.resolve("in/large.jar"), new byte[(1 << 20) + 1]);
        refused("is larger than 1048576 bytes", url("/large.jar"));
        refused("is larger than 1048576 bytes", folder.resolve("in/large.jar").toString());
    }

    @Test
    void waitsForAFileOnlySoLong() {
        var fetching = fetching(true, Duration.ofSeconds(1));
        var failure = assertThrows(IOException.class, () -> fetching.fetch(url("/slow"), Optional.empty()));
        assertTrue(String.valueOf(failure.getMessage()).contains("has not come within 1 s"), failure::toString);
    }

    @Test
    void bringsTheHighestVersionOfANameOrTheOneThatIsAskedFor() throws Exception {
        Jars.plugin(folder.resolve("in/acme-1.10.0.jar"), "org.acme.plugin", "1.10.0", "acme");
        index(entry("acme", "1.2.0", Jars.digest(jar)) + ","
                + entry("acme", "1.10.0", Jars.digest(folder.resolve("in/acme-1.10.0.jar"))));
        for (var repository : List.of(folder.resolve("in").toString(), url("/"), url(""))) {
            var fetching = fetching(true, repository);
            assertEquals("1.10.0", version(fetching, "acme"));
            assertEquals("1.2.0", version(fetching, "acme@1.2.0"));
            assertEquals(2, fetching.offers().size());
            assertEquals("acme.cdx.json", fetching.offers().getFirst().sbom());
            var failure = assertThrows(IOException.class, () -> fetching.fetch("acme@7", Optional.empty()));
            assertTrue(
                    String.valueOf(failure.getMessage()).contains("there are versions [1.10.0, 1.2.0]"),
                    failure::toString);
        }
    }

    private static String version(Fetching fetching, String where) throws IOException {
        try (var fetched = fetching.fetch(where, Optional.empty())) {
            return fetched.plugins().getFirst().verdict().version();
        }
    }

    @Test
    void refusesAFileThatIsNotWhatTheIndexSays() throws Exception {
        index(entry("acme", "1.2.0", "0".repeat(64)));
        var fetching = fetching(true, folder.resolve("in").toString());
        var failure = assertThrows(IOException.class, () -> fetching.fetch("acme", Optional.empty()));
        assertTrue(String.valueOf(failure.getMessage()).contains("its index says 0000"), failure::toString);
    }

    @Test
    void refusesAFileOfAnotherVersionThanTheIndexSays() throws Exception {
        Files.copy(jar, folder.resolve("in/acme-9.0.0.jar"));
        index(entry("acme", "9.0.0", Jars.digest(jar)));
        assertEquals("is version 1.2.0, its index says 9.0.0", disagreement(fetching(true, in())));
    }

    @Test
    void refusesAFileThatAnotherHasSignedThanTheIndexSays() throws Exception {
        var site = Signer.of(folder, "site");
        site.trustedIn(folder.resolve("trust"));
        claim("CN=site");
        assertEquals("is signed by nobody, its index says by CN=site", disagreement(fetching(true, in())));
        site.sign(jar);
        claim("CN=other");
        assertTrue(disagreement(fetching(false, in())).matches("is signed by CN=site .*, its index says by CN=other"));
        for (var claim : List.of("CN=site", "sha256:" + Digests.fingerprint(site.certificate()))) {
            claim(claim);
            assertEquals("1.2.0", version(fetching(false, in()), "acme"));
        }
    }

    private String in() {
        return folder.resolve("in").toString();
    }

    private void claim(String signer) throws IOException {
        index(entry("acme", "1.2.0", Jars.digest(jar)).replace("\"more\":1", "\"signer\":\"" + signer + "\""));
    }

    private static String disagreement(Fetching fetching) {
        var failure = assertThrows(IOException.class, () -> fetching.fetch("acme", Optional.empty()));
        return String.valueOf(failure.getMessage()).replaceFirst(".*?\\.jar of \\S+ ", "");
    }

    @Test
    void tellsWhatIsInsideByTheListThatTheIndexVouchesFor() throws Exception {
        index(entry("acme", "1.2.0", Jars.digest(jar)));
        var fetching = fetching(true, in());
        Files.writeString(folder.resolve("in/acme.cdx.json"), SBOM);
        var contents = fetching.contents(new PluginId("acme"), "1.2.0");
        assertEquals(
                List.of(
                        new PluginContents.Part(
                                "org.acme:codec", "3.1", List.of("Apache-2.0"), "pkg:maven/org.acme/codec@3.1"),
                        new PluginContents.Part("driver", "", List.of("MIT OR EPL-2.0", "Own"), "")),
                contents.parts());

        Files.writeString(folder.resolve("in/acme.cdx.json"), SBOM.replace("3.1", "3.2"));
        assertTrue(noContents(fetching).contains("its index says " + SBOM_DIGEST));
    }

    @Test
    void tellsNothingOfAFileThatIsNotTheOfferedOne() throws Exception {
        index(entry("acme", "1.2.0", Jars.digest(jar)));
        Files.writeString(folder.resolve("in/acme.cdx.json"), SBOM);
        Jars.plugin(folder.resolve("plugins/acme/1.2.0.jar"), "org.acme.plugin", "1.2.0", "else");
        assertTrue(noContents(fetching(true, in())).contains("is another than the one"));
    }

    private static String noContents(Fetching fetching) {
        var failure = assertThrows(IOException.class, () -> fetching.contents(new PluginId("acme"), "1.2.0"));
        return String.valueOf(failure.getMessage());
    }

    @Test
    void refusesAnIndexThatLeadsOutsideOrIsNone() throws Exception {
        for (var plugins : List.of(
                entry("acme", "1.2.0", Jars.digest(jar)).replace("acme-1.2.0.jar", "../acme-1.2.0.jar"),
                entry("ACME", "1.2.0", Jars.digest(jar)),
                entry("acme", "one", Jars.digest(jar)),
                "{}",
                "null",
                "}")) {
            index(plugins);
            var fetching = fetching(true, folder.resolve("in").toString());
            var failure = assertThrows(IOException.class, fetching::offers);
            assertTrue(String.valueOf(failure.getMessage()).contains("cannot be read"), failure::toString);
        }
    }

    private void index(String plugins) throws IOException {
        Files.writeString(folder.resolve("in/index.json"), "{\"plugins\":[" + plugins + "]}");
    }

    private static String entry(String id, String version, String digest) {
        return """
                {"id":"%s","version":"%s","file":"acme-%s.jar","sha256":"%s","sbom":"acme.cdx.json","sbomSha256":"%s","more":1}
                """.formatted(id, version, version, digest, SBOM_DIGEST);
    }

    @Test
    void bringsEachPluginOfAnArchive() throws Exception {
        var other = Jars.plugin(folder.resolve("in/other-1.jar"), "org.acme.other", "1", "other");
        var archive = Jars.archive(folder.resolve("in/both.kar"), List.of(jar, other));
        try (var fetched = fetching(true).fetch(archive.toString(), Optional.empty())) {
            assertEquals(
                    List.of("acme", "other"),
                    fetched.plugins().stream()
                            .map(plugin -> plugin.artifact().id().value())
                            .toList());
            assertTrue(fetched.plugins().stream()
                    .allMatch(plugin -> plugin.verdict().isAccepted()));
        }
    }

    @Test
    void refusesAnArchiveWithoutPluginsOrWithOneTwice() throws Exception {
        refused(
                "no jar below",
                Jars.archive(folder.resolve("in/none.kar"), List.of()).toString());
        var twin = Jars.plugin(folder.resolve("in/twin.jar"), "org.acme.plugin", "1.3.0", "acme");
        refused(
                "two jars",
                Jars.archive(folder.resolve("in/two.kar"), List.of(jar, twin)).toString());
        Files.writeString(folder.resolve("in/text.kar"), "no archive");
        refused("not a readable archive", folder.resolve("in/text.kar").toString());
        var library = Jars.plugin(folder.resolve("in/lib.jar"), "org.acme.lib", "1", "NO ID");
        refused(
                "does not say of which",
                Jars.archive(folder.resolve("in/lib.kar"), List.of(library)).toString());
    }

    @Test
    void saysThatAFileIsNoBundle() throws Exception {
        var text = Files.writeString(folder.resolve("in/text.jar"), "no jar");
        try (var fetched = fetching(true).fetch(text.toString(), Optional.empty())) {
            assertFalse(fetched.plugins().getFirst().verdict().isAccepted());
            assertEquals(
                    Finding.NO_BUNDLE, fetched.plugins().getFirst().verdict().finding());
        }
    }
}
