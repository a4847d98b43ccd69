package io.slipway.plugin.sources;

import io.slipway.plugin.api.PluginVerdict.Finding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** The first look at a file, which trusts no size or name that it gives: whatever looks next reads into memory. */
final class ZipLook {

    /** As the JDK sees it: straight in META-INF; these are the entries that a signature does not cover itself. */
    private static final Pattern SIGNING =
            Pattern.compile("META-INF/(MANIFEST\\.MF|SIG-[^/]*|[^/]*\\.(SF|RSA|DSA|EC))");

    private static final int BUFFER = 1 << 16;

    private final Limits limits;

    ZipLook(Limits limits) {
        this.limits = limits;
    }

    static boolean isSigning(String name) {
        return SIGNING.matcher(name.toUpperCase(Locale.ROOT)).matches();
    }

    void check(Path file) throws IOException, Refused {
        try (var zip = new ZipFile(file.toFile())) {
            if (zip.size() > limits.entries()) {
                throw new Refused(Finding.TOO_LARGE, "it has more than " + limits.entries() + " entries");
            }
            check(zip);
        } catch (ZipException e) {
            throw new Refused(Finding.NO_BUNDLE, "it is not a readable jar: " + e.getMessage());
        }
    }

    private void check(ZipFile zip) throws IOException, Refused {
        var names = new HashSet<String>();
        var left = limits.unpackedBytes();
        for (var entries = zip.entries(); entries.hasMoreElements(); ) {
            var entry = entries.nextElement();
            checkName(entry.getName());
            if (!names.add(entry.getName())) {
                throw new Refused(Finding.NO_BUNDLE, "it has two entries " + entry.getName());
            }
            left -= size(zip, entry, isSigning(entry.getName()) ? Math.min(left, Limits.METADATA_BYTES) : left);
        }
    }

    private static void checkName(String name) throws Refused {
        if (name.startsWith("/") || name.contains("\\") || ("/" + name + "/").contains("/../")) {
            throw new Refused(Finding.NO_BUNDLE, "the name of its entry '" + name + "' leads outside");
        }
    }

    private static long size(ZipFile zip, ZipEntry entry, long most) throws IOException, Refused {
        var buffer = new byte[BUFFER];
        long total = 0;
        try (var in = zip.getInputStream(entry)) {
            for (var read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                total += read;
                if (total > most) {
                    throw new Refused(Finding.TOO_LARGE, "it unpacks to more than the limit, at " + entry.getName());
                }
            }
        }
        return total;
    }
}
