package io.slipway.plugin.sources;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.plugin.api.PluginVerdict;
import io.slipway.plugin.api.PluginVerdict.Finding;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignedJarVerifierTest {

    private static final Limits LIMITS = new Limits(1 << 20, 2 << 20, 50);

    @TempDir
    static Path keys;

    private static Signer site;
    private static Signer stranger;

    @TempDir
    Path folder;

    private Path trust;

    @BeforeAll
    static void makeKeys() throws Exception {
        site = Signer.of(keys, "site");
        stranger = Signer.of(keys, "stranger");
    }

    @BeforeEach
    void trustTheSite() throws Exception {
        trust = folder.resolve("trust");
        site.trustedIn(trust);
    }

    @Test
    void acceptsAJarThatATrustedSignerSignedWhole() throws Exception {
        var verdict = verify(signed(site));
        assertTrue(verdict.isAccepted(), verdict::words);
        assertEquals(Finding.TRUSTED, verdict.finding());
        assertEquals("org.acme.plugin", verdict.bundle());
        assertEquals("1.2.0", verdict.version());
        assertEquals(64, verdict.digest().length());
        assertTrue(verdict.signer().startsWith("CN=site (sha256 "), verdict::signer);
    }

    @Test
    void refusesAnUnsignedJarUnlessDevelopmentModeAllowsIt() throws Exception {
        var jar = jar("1.2.0");
        refused(Finding.UNSIGNED, verify(jar));
        var allowed = verifier(true, InstantSource.system()).verify(jar);
        assertTrue(allowed.isAccepted());
        assertTrue(allowed.words().startsWith("DEVELOPMENT MODE"), allowed::words);
    }

    @Test
    void acceptsAFileOfTheDistributionAsItIs() throws Exception {
        var jar = jar("1.2.0");
        Files.writeString(trust.resolve("shipped.sha256"), Jars.digest(jar) + "  acme/1.2.0.jar\n");
        for (var verdict :
                List.of(verify(jar), verifier(false, InstantSource.system()).verify("acme", Files.readAllBytes(jar)))) {
            assertEquals(Finding.TRUSTED, verdict.finding());
            assertEquals("org.acme.plugin", verdict.bundle());
            assertEquals("1.2.0", verdict.version());
            assertEquals(Jars.digest(jar), verdict.digest());
        }
        Files.writeString(trust.resolve("revoked.txt"), "sha256:" + Jars.digest(jar) + "\n");
        refused(Finding.REVOKED, verify(jar));
        refused(Finding.REVOKED, verifier(true, InstantSource.system()).verify("acme", Files.readAllBytes(jar)));
        put(jar, "org/acme/Added.class", "added later");
        refused(Finding.UNSIGNED, verifier(false, InstantSource.system()).verify("acme", Files.readAllBytes(jar)));
    }

    @Test
    void takesNothingIfAListOfFilesIsNone() throws Exception {
        var jar = jar("1.2.0");
        Files.writeString(trust.resolve("shipped.sha256"), "no digest\n");
        assertThrows(IOException.class, () -> verify(jar));
        assertThrows(
                IOException.class,
                () -> verifier(true, InstantSource.system()).verify("acme", Files.readAllBytes(jar)));
    }

    @Test
    void refusesAJarThatIsSignedInPartOnly() throws Exception {
        var jar = signed(site);
        put(jar, "org/acme/Added.class", "added later");
        var verdict = verify(jar);
        refused(Finding.UNSIGNED, verdict);
        assertTrue(verdict.words().endsWith("org/acme/Added.class"), verdict::words);
    }

    @Test
    void refusesAChangedEntryInDevelopmentModeToo() throws Exception {
        var jar = signed(site);
        put(jar, "org/acme/Plugin.class", "changed");
        refused(Finding.TAMPERED, verify(jar));
        refused(Finding.TAMPERED, verifier(true, InstantSource.system()).verify(jar));
    }

    @Test
    void refusesAJarFromWhichASignedEntryWasTaken() throws Exception {
        var jar = signed(site);
        try (var zip = FileSystems.newFileSystem(jar)) {
            Files.delete(zip.getPath("org/acme/Other.class"));
        }
        refused(Finding.TAMPERED, verify(jar));
    }

    @Test
    void refusesAManifestThatWasChangedAfterSigning() throws Exception {
        var jar = signed(site);
        try (var zip = FileSystems.newFileSystem(jar)) {
            var manifest = zip.getPath("META-INF/MANIFEST.MF");
            Files.writeString(manifest, Files.readString(manifest).replace("1.2.0", "9.2.0"));
        }
        assertFalse(verify(jar).isAccepted());
    }

    @Test
    void refusesAStranger() throws Exception {
        refused(Finding.UNTRUSTED, verify(signed(stranger)));
        refused(Finding.UNTRUSTED, verifier(true, InstantSource.system()).verify(signed(stranger)));
    }

    @Test
    void refusesEverybodyIfNobodyIsTrusted() throws Exception {
        trust = folder.resolve("none");
        refused(Finding.UNTRUSTED, verify(signed(site)));
    }

    @Test
    void refusesWhatTheSiteRevokedByAnyOfItsNames() throws Exception {
        var jar = signed(site);
        var digest = verify(jar).digest();
        var names = java.util.List.of(
                "sha256:" + digest,
                "sha256:" + Digests.fingerprint(site.certificate()),
                "serial:" + site.certificate().getSerialNumber().toString(16));
        for (var name : names) {
            Files.writeString(trust.resolve("revoked.txt"), "# lost\n" + name + " # today\n");
            refused(Finding.REVOKED, verify(jar));
        }
    }

    @Test
    void goesByListsThatWereChangedWhileItRuns() throws Exception {
        var running = verifier(false, InstantSource.system());
        var jar = signed(site);
        var strange = signed(stranger);
        assertTrue(running.verify(jar).isAccepted());
        refused(Finding.UNTRUSTED, running.verify(strange));

        stranger.trustedIn(trust);
        assertTrue(running.verify(strange).isAccepted());

        var revoked = trust.resolve("revoked.txt");
        Files.writeString(revoked, "sha256:" + Digests.fingerprint(stranger.certificate()) + "\n");
        refused(Finding.REVOKED, running.verify(strange));
        refused(Finding.REVOKED, running.verify("strange.jar", Files.readAllBytes(strange)));
        assertTrue(running.verify(jar).isAccepted());

        Files.delete(revoked);
        assertTrue(running.verify(strange).isAccepted());
    }

    @Test
    void acceptsNothingWhileAListCannotBeRead() throws Exception {
        var jar = signed(site);
        Files.writeString(trust.resolve("revoked.txt"), "serial-12\n");
        assertThrows(IOException.class, () -> verify(jar));
        Files.delete(trust.resolve("revoked.txt"));
        Files.writeString(trust.resolve("broken.pem"), "no certificate\n");
        assertThrows(IOException.class, () -> verify(jar));
    }

    @Test
    void refusesACertificateThatIsOver() throws Exception {
        var later = InstantSource.fixed(Instant.now().plus(Duration.ofDays(31)));
        refused(Finding.EXPIRED, verifier(false, later).verify(signed(site)));
    }

    @Test
    void refusesAVersionBelowTheFloor() throws Exception {
        var old = jar("1.0.9");
        site.sign(old);
        var verdict = verify(old);
        refused(Finding.BELOW_FLOOR, verdict);
        assertEquals("org.acme.plugin 1.0.9 is below 1.1.0, the lowest that the site takes", verdict.words());
    }

    @Test
    void writesOneAuditLineOfEachRefusalAndNoneOfWhatItTakes() throws Exception {
        var taken = signed(site);
        verify(taken);
        assertEquals(List.of(), audit(taken));

        audited(Finding.UNSIGNED, jar("1.2.0"));
        audited(Finding.UNTRUSTED, signed(stranger));
        var tampered = signed(site);
        put(tampered, "org/acme/Plugin.class", "changed");
        audited(Finding.TAMPERED, tampered);
        var old = jar("1.0.9");
        site.sign(old);
        audited(Finding.BELOW_FLOOR, old);
        var revoked = signed(site);
        Files.writeString(trust.resolve("revoked.txt"), "sha256:" + Jars.digest(revoked) + "\n");
        audited(Finding.REVOKED, revoked);
    }

    private void audited(Finding finding, Path jar) throws Exception {
        var verdict = verify(jar);
        refused(finding, verdict);
        var line = "WARN io.slipway.plugin.sources.SignedJarVerifier - AUDIT plug-in file " + jar + " (sha256 "
                + Jars.digest(jar) + ") is refused, " + finding + ": " + verdict.words();
        var written = audit(jar);
        assertEquals(1, written.size(), written::toString);
        assertTrue(written.getFirst().endsWith(line), written::toString);
    }

    /** Returns the audit lines of the log of these tests about one file. */
    private static List<String> audit(Path jar) throws IOException {
        try (var lines = Files.lines(Path.of("target/tests.log"))) {
            return lines.filter(line -> line.contains("AUDIT") && line.contains(jar.toString()))
                    .toList();
        }
    }

    @Test
    void refusesAZipBombBeforeItUnpacksIt() throws Exception {
        var jar = jar("1.2.0");
        put(jar, "bomb", "0".repeat(3 << 20));
        assertTrue(Files.size(jar) < 20_000);
        refused(Finding.TOO_LARGE, verify(jar));
    }

    @Test
    void refusesTooManyEntriesAndTooLargeAFile() throws Exception {
        var many = jar("1.2.0");
        for (var entry = 0; entry < 60; entry++) {
            put(many, "many" + entry, "");
        }
        refused(Finding.TOO_LARGE, verify(many));
        refused(Finding.TOO_LARGE, verify(Files.write(folder.resolve("large.jar"), new byte[(1 << 20) + 1])));
    }

    @Test
    void refusesWhatIsNoBundle() throws Exception {
        refused(Finding.NO_BUNDLE, verify(Files.writeString(folder.resolve("text.jar"), "no jar")));
        var plain = folder.resolve("plain.jar");
        try (var out = new JarOutputStream(Files.newOutputStream(plain))) {
            out.putNextEntry(new ZipEntry("a"));
        }
        refused(Finding.NO_BUNDLE, verify(plain));
    }

    @Test
    void refusesNamesThatLeadOutside() throws Exception {
        var jar = folder.resolve("outside.jar");
        try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new ZipEntry("a/../../b"));
        }
        refused(Finding.NO_BUNDLE, verify(jar));
    }

    @Test
    void readsFloorsAndRefusesWhatIsNone() {
        assertEquals(
                "2.1.0", String.valueOf(ConfiguredVerifier.floors("a.b=2.1").get("a.b")));
        assertThrows(IllegalArgumentException.class, () -> ConfiguredVerifier.floors("a.b"));
        assertThrows(IllegalArgumentException.class, () -> ConfiguredVerifier.floors("a.b=one"));
        assertEquals(Set.of("a", "b"), ConfiguredVerifier.floors("a=1, b=2").keySet());
    }

    private PluginVerdict verify(Path jar) throws IOException {
        return verifier(false, InstantSource.system()).verify(jar);
    }

    private SignedJarVerifier verifier(boolean isUnsignedAllowed, InstantSource clock) {
        var floors = ConfiguredVerifier.floors("org.acme.plugin=1.1.0");
        return new SignedJarVerifier(trust, LIMITS, floors, isUnsignedAllowed, clock);
    }

    private static void refused(Finding finding, PluginVerdict verdict) {
        assertEquals(finding, verdict.finding(), verdict::words);
        assertFalse(verdict.isAccepted());
        assertFalse(verdict.words().isEmpty());
    }

    private Path signed(Signer signer) throws Exception {
        var jar = jar("1.2.0");
        signer.sign(jar);
        return jar;
    }

    private Path jar(String version) throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", "org.acme.plugin;singleton:=false");
        manifest.getMainAttributes().putValue("Bundle-Version", version);
        var jar = Files.createTempFile(folder, "plugin", ".jar");
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            for (var name : java.util.List.of("org/acme/Plugin.class", "org/acme/Other.class")) {
                out.putNextEntry(new ZipEntry(name));
                out.write(name.getBytes(StandardCharsets.UTF_8));
            }
        }
        return jar;
    }

    private static void put(Path jar, String name, String content) throws IOException {
        try (var zip = FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of())) {
            var entry = zip.getPath("/" + name);
            var parent = entry.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.writeString(entry, content);
        }
    }
}
