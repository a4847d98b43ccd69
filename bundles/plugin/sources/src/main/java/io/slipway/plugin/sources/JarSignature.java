package io.slipway.plugin.sources;

import io.slipway.plugin.api.PluginVerdict.Finding;
import java.io.IOException;
import java.io.OutputStream;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/** Reads every entry of a jar that is opened for verification, and says who signed all of them. */
final class JarSignature {

    private JarSignature() {}

    /** Returns the certificates that have each signed every entry. */
    static Set<X509Certificate> signers(JarFile jar) throws IOException, Refused {
        Set<X509Certificate> signers = null;
        var unsigned = new ArrayList<String>();
        for (var entries = jar.entries(); entries.hasMoreElements(); ) {
            var entry = entries.nextElement();
            read(jar, entry);
            if (!entry.isDirectory() && !ZipLook.isSigning(entry.getName())) {
                var own = signers(entry);
                if (own.isEmpty()) {
                    unsigned.add(entry.getName());
                }
                signers = both(signers, own);
            }
        }
        checkNoneIsMissing(jar, signers);
        checkAllAreSigned(unsigned);
        return signers == null ? Set.of() : signers;
    }

    private static void read(JarFile jar, JarEntry entry) throws IOException, Refused {
        try (var in = jar.getInputStream(entry)) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (SecurityException e) {
            throw new Refused(Finding.TAMPERED, "it was changed after it was signed: " + e.getMessage());
        }
    }

    private static Set<X509Certificate> signers(JarEntry entry) {
        var signers = new HashSet<X509Certificate>();
        var all = entry.getCodeSigners();
        for (var signer : all == null ? new java.security.CodeSigner[0] : all) {
            if (signer.getSignerCertPath().getCertificates().getFirst() instanceof X509Certificate certificate) {
                signers.add(certificate);
            }
        }
        return signers;
    }

    private static Set<X509Certificate> both(@Nullable Set<X509Certificate> one, Set<X509Certificate> other) {
        var both = new HashSet<>(other);
        if (one != null) {
            both.retainAll(one);
        }
        return both;
    }

    /** The JDK does not miss an entry that somebody took away. */
    private static void checkNoneIsMissing(JarFile jar, @Nullable Set<X509Certificate> signers)
            throws IOException, Refused {
        var manifest = jar.getManifest();
        if (manifest == null || signers == null) {
            return;
        }
        for (var name : manifest.getEntries().keySet()) {
            if (jar.getEntry(name) == null) {
                throw new Refused(Finding.TAMPERED, "its signed entry " + name + " was taken away");
            }
        }
    }

    private static void checkAllAreSigned(List<String> unsigned) throws Refused {
        if (!unsigned.isEmpty()) {
            throw new Refused(
                    Finding.UNSIGNED, "not signed are " + unsigned.size() + " entries, such as " + unsigned.getFirst());
        }
    }
}
