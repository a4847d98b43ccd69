package io.slipway.plugin.sources;

import io.slipway.plugin.api.PluginVerdict.Finding;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whose signatures the site takes. A certificate counts only if it is itself on the list: chains inside a jar are not
 * followed, so a key that a listed one has vouched for means nothing.
 *
 * @param trusted fingerprints of certificates
 * @param files SHA-256 of files that need no signature, such as those that the distribution ships
 * @param revoked {@code sha256:HEX} of files or certificates, and {@code serial:HEX}
 */
record TrustList(Set<String> trusted, Set<String> files, Set<String> revoked) {

    private static final String REVOKED = "revoked.txt";
    private static final Pattern LINE = Pattern.compile("sha256:[0-9a-f]{64}|serial:[0-9a-f]+");

    private static final Pattern LISTED = Pattern.compile("([0-9a-f]{64}) [ *]?\\S.*");

    /**
     * Reads {@code *.pem}, {@code *.sha256} and {@code revoked.txt} of a folder; no folder means that nobody is trusted.
     */
    static TrustList read(Path folder) throws IOException {
        return Files.isDirectory(folder)
                ? new TrustList(certificates(folder), files(folder), revoked(folder.resolve(REVOKED)))
                : new TrustList(Set.of(), Set.of(), Set.of());
    }

    private static Set<String> certificates(Path folder) throws IOException {
        var trusted = new HashSet<String>();
        try (var files = Files.newDirectoryStream(folder, "*.pem")) {
            for (var file : files) {
                try (var in = new BufferedInputStream(Files.newInputStream(file))) {
                    for (var certificate :
                            CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                        trusted.add(Digests.fingerprint((X509Certificate) certificate));
                    }
                } catch (CertificateException e) {
                    throw new IOException(file + " has no readable certificate", e);
                }
            }
        }
        return Set.copyOf(trusted);
    }

    private static Set<String> files(Path folder) throws IOException {
        var digests = new HashSet<String>();
        try (var lists = Files.newDirectoryStream(folder, "*.sha256")) {
            for (var list : lists) {
                for (var line : Files.readAllLines(list)) {
                    var matcher = LISTED.matcher(line);
                    if (!matcher.matches()) {
                        throw new IOException(list + ": '" + line + "' is not HEX and a file name");
                    }
                    digests.add(matcher.group(1));
                }
            }
        }
        return Set.copyOf(digests);
    }

    /** A line that is not understood could be a revocation: then nothing is taken at all. */
    private static Set<String> revoked(Path file) throws IOException {
        var revoked = new HashSet<String>();
        if (Files.exists(file)) {
            for (var text : Files.readAllLines(file)) {
                var line = text.replaceFirst("#.*", "").strip().toLowerCase(java.util.Locale.ROOT);
                if (!line.isEmpty() && !LINE.matcher(line).matches()) {
                    throw new IOException(file + ": '" + line + "' is not sha256:HEX or serial:HEX");
                }
                revoked.add(line.startsWith("serial:") ? serial(new BigInteger(line.substring(7), 16)) : line);
            }
        }
        return Set.copyOf(revoked);
    }

    private static String serial(BigInteger number) {
        return "serial:" + number.toString(16);
    }

    void checkFile(String digest) throws Refused {
        if (revoked.contains("sha256:" + digest)) {
            throw new Refused(Finding.REVOKED, "the site has revoked this file");
        }
    }

    /** Returns whether a file needs no signature. */
    boolean lists(String digest) {
        return files.contains(digest);
    }

    boolean trusts(X509Certificate certificate) {
        return trusted.contains(Digests.fingerprint(certificate));
    }

    void check(X509Certificate certificate, Instant now) throws Refused {
        var name = certificate.getSubjectX500Principal().getName();
        if (revoked.contains("sha256:" + Digests.fingerprint(certificate))
                || revoked.contains(serial(certificate.getSerialNumber()))) {
            throw new Refused(Finding.REVOKED, "the site has revoked the certificate of " + name);
        }
        try {
            certificate.checkValidity(Date.from(now));
        } catch (CertificateException e) {
            throw new Refused(
                    Finding.EXPIRED, "the certificate of " + name + " does not hold today: " + e.getMessage());
        }
    }
}
