package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * A jar that wants to become a version of a plug-in, looked at without running any of it.
 *
 * @param symbolicName of the bundle
 * @param jar its bytes, id and version
 */
record CandidateJar(String symbolicName, PluginJar jar) {

    private static final long MOST_BYTES = 128L << 20;
    private static final long MOST_UNPACKED_BYTES = 256L << 20;
    private static final int MOST_ENTRIES = 100_000;

    /** Reads a jar; refuses what is no bundle, unpacks to too much or exports packages. */
    static CandidateJar read(PluginId id, Path file) throws SwapRefusedException {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new SwapRefusedException("the jar is larger than " + MOST_BYTES + " bytes");
            }
            var manifest = manifest(file);
            var name = header(manifest, Constants.BUNDLE_SYMBOLICNAME);
            var version = header(manifest, Constants.BUNDLE_VERSION);
            if (name == null || version == null) {
                throw new SwapRefusedException(
                        "it is no bundle: its manifest lacks Bundle-SymbolicName or Bundle-Version");
            }
            var exported = header(manifest, Constants.EXPORT_PACKAGE);
            if (exported != null && !exported.isBlank()) {
                throw new SwapRefusedException("it exports the package " + first(exported)
                        + "; a plug-in exports nothing, since its packages could take the place of ours");
            }
            var host = header(manifest, Constants.FRAGMENT_HOST);
            if (host != null) {
                throw new SwapRefusedException(
                        "it is a fragment of " + first(host) + ", which the framework would have to restart");
            }
            return new CandidateJar(first(name), PluginJar.read(id, Version.parseVersion(version.strip()), file));
        } catch (IOException e) {
            throw new SwapRefusedException("it is no jar that can be read: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new SwapRefusedException("its Bundle-Version is no version: " + e.getMessage(), e);
        }
    }

    private static @Nullable String header(Manifest manifest, String name) {
        return manifest.getMainAttributes().getValue(name);
    }

    private static String first(String header) {
        return header.split("[;,]", 2)[0].strip();
    }

    /** Unpacks the whole once, to nowhere: sizes in a zip's directory may lie. */
    private static Manifest manifest(Path file) throws IOException, SwapRefusedException {
        try (var jar = new JarFile(file.toFile())) {
            if (jar.size() > MOST_ENTRIES) {
                throw new SwapRefusedException("the jar has more than " + MOST_ENTRIES + " entries");
            }
            var left = MOST_UNPACKED_BYTES;
            var entries = jar.entries();
            while (entries.hasMoreElements()) {
                try (var in = jar.getInputStream(entries.nextElement())) {
                    left -= unpackedBytes(in, left);
                }
            }
            var manifest = jar.getManifest();
            if (manifest == null) {
                throw new SwapRefusedException("it is no bundle: it has no manifest");
            }
            return manifest;
        } catch (SecurityException e) {
            throw new SwapRefusedException("its signature does not fit its content: " + e.getMessage(), e);
        }
    }

    private static long unpackedBytes(InputStream in, long left) throws IOException, SwapRefusedException {
        var buffer = new byte[1 << 16];
        var sum = 0L;
        for (var count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            sum += count;
            if (sum > left) {
                throw new SwapRefusedException("the jar unpacks to more than " + MOST_UNPACKED_BYTES + " bytes");
            }
        }
        return sum;
    }
}
