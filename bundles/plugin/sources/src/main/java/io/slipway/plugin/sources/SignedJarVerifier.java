package io.slipway.plugin.sources;

import io.slipway.plugin.api.PluginVerdict;
import io.slipway.plugin.api.PluginVerdict.Finding;
import io.slipway.plugin.api.PluginVerifier;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.jar.JarInputStream;
import java.util.zip.ZipFile;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at jars with standard JAR signatures. The lists of the site are read anew each time. */
final class SignedJarVerifier implements PluginVerifier {

    private static final Logger LOG = LoggerFactory.getLogger(SignedJarVerifier.class);

    private final Path trustFolder;
    private final Limits limits;
    private final Map<String, Version> floors;
    private final boolean isUnsignedAllowed;
    private final InstantSource clock;

    /**
     * Creates one.
     *
     * @param floors lowest version by symbolic name of the bundle, which is signed, unlike the name of a file
     */
    SignedJarVerifier(
            Path trustFolder,
            Limits limits,
            Map<String, Version> floors,
            boolean isUnsignedAllowed,
            InstantSource clock) {
        this.trustFolder = trustFolder;
        this.limits = limits;
        this.floors = Map.copyOf(floors);
        this.isUnsignedAllowed = isUnsignedAllowed;
        this.clock = clock;
    }

    @Override
    public PluginVerdict verify(Path file) throws IOException {
        var trust = TrustList.read(trustFolder);
        try (var in = Files.newInputStream(file)) {
            return told(file.toString(), look(in, trust));
        }
    }

    @Override
    public PluginVerdict verify(String name, byte[] content) throws IOException {
        var trust = TrustList.read(trustFolder);
        var digest = HexFormat.of().formatHex(Digests.sha256().digest(content));
        if (trust.lists(digest)) { // the start of the server waits for this: nothing is copied or unpacked
            try (var jar = new JarInputStream(new ByteArrayInputStream(content), false)) {
                return told(name, listed(BundleName.of(jar.getManifest()), digest, trust));
            } catch (Refused e) {
                return told(name, new PluginVerdict(e.finding(), "", "", digest, "", e.words()));
            }
        }
        return told(name, look(new ByteArrayInputStream(content), trust));
    }

    @Override
    public boolean isUnsignedAllowed() {
        return isUnsignedAllowed;
    }

    private static PluginVerdict told(String name, PluginVerdict verdict) {
        if (verdict.isAccepted()) {
            LOG.info("Plug-in file {} (sha256 {}) is accepted: {}", name, verdict.digest(), verdict.words());
        } else {
            LOG.warn(
                    "AUDIT plug-in file {} (sha256 {}) is refused, {}: {}",
                    name,
                    verdict.digest(),
                    verdict.finding(),
                    verdict.words());
        }
        return verdict;
    }

    private PluginVerdict look(InputStream content, TrustList trust) throws IOException {
        try (var staged = StagedFile.of(content, limits.packedBytes())) {
            return look(staged, trust);
        } catch (Refused e) {
            return new PluginVerdict(e.finding(), "", "", "", "", e.words());
        }
    }

    /** A file that is on a list needs no signature; it may still be revoked or too old. */
    private PluginVerdict listed(BundleName bundle, String digest, TrustList trust) throws Refused {
        trust.checkFile(digest);
        checkFloor(bundle);
        return new PluginVerdict(
                Finding.TRUSTED,
                bundle.name(),
                bundle.version(),
                digest,
                "",
                "its SHA-256 is on a list of the site's, such as that of the files which the distribution ships");
    }

    private PluginVerdict look(StagedFile staged, TrustList trust) throws IOException {
        var bundle = new BundleName("", "");
        try {
            trust.checkFile(staged.digest());
            new ZipLook(limits).check(staged.file());
            try (var jar = new JarFile(staged.file().toFile(), true, ZipFile.OPEN_READ)) {
                bundle = BundleName.of(jar);
                checkFloor(bundle);
                if (trust.lists(staged.digest())) {
                    return listed(bundle, staged.digest(), trust);
                }
                return signed(jar, bundle, staged.digest(), trust);
            } catch (SecurityException e) {
                throw new Refused(Finding.TAMPERED, "its signature does not hold: " + e.getMessage());
            }
        } catch (Refused e) {
            return refused(e, bundle, staged.digest());
        }
    }

    private PluginVerdict signed(JarFile jar, BundleName bundle, String digest, TrustList trust)
            throws IOException, Refused {
        var signers = JarSignature.signers(jar);
        for (var certificate : signers) {
            if (trust.trusts(certificate)) {
                trust.check(certificate, clock.instant());
                return new PluginVerdict(
                        Finding.TRUSTED,
                        bundle.name(),
                        bundle.version(),
                        digest,
                        words(certificate),
                        "every entry is signed by " + words(certificate));
            }
        }
        throw new Refused(
                Finding.UNTRUSTED,
                "signed by "
                        + signers.stream()
                                .map(SignedJarVerifier::words)
                                .sorted()
                                .toList()
                        + ", whom the site does not trust");
    }

    private void checkFloor(BundleName bundle) throws Refused {
        var floor = floors.get(bundle.name());
        if (floor != null && Version.parseVersion(bundle.version()).compareTo(floor) < 0) {
            throw new Refused(
                    Finding.BELOW_FLOOR,
                    bundle.name() + " " + bundle.version() + " is below " + floor + ", the lowest that the site takes");
        }
    }

    private PluginVerdict refused(Refused refusal, BundleName bundle, String digest) {
        var isAllowed = isUnsignedAllowed && refusal.finding() == Finding.UNSIGNED;
        return new PluginVerdict(
                isAllowed ? Finding.UNSIGNED_ALLOWED : refusal.finding(),
                bundle.name(),
                bundle.version(),
                digest,
                "",
                isAllowed ? "DEVELOPMENT MODE takes it although " + refusal.words() : refusal.words());
    }

    private static String words(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName() + " (sha256 " + Digests.fingerprint(certificate) + ")";
    }
}
