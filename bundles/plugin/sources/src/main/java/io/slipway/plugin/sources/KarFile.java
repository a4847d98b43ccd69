package io.slipway.plugin.sources;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** A Karaf archive: jars below {@code repository/}. Its features and other resources count for nothing here. */
final class KarFile {

    private static final Pattern JAR = Pattern.compile("repository/.*\\.jar");
    private static final int BUFFER = 1 << 16;

    private KarFile() {}

    /** Unpacks its jars into a folder, under names of our own. */
    static List<Path> unpack(Path kar, Path folder, Limits limits) throws IOException {
        var jars = new ArrayList<Path>();
        try (var zip = new ZipFile(kar.toFile())) {
            if (zip.size() > limits.entries()) {
                throw new IOException("the archive has more than " + limits.entries() + " entries");
            }
            var left = limits.unpackedBytes();
            for (var entry : zip.stream()
                    .filter(each -> JAR.matcher(each.getName()).matches())
                    .toList()) {
                var jar = folder.resolve(jars.size() + ".jar");
                try (var in = zip.getInputStream(entry)) {
                    left -= copy(in, jar, Math.min(left, limits.packedBytes()), entry.getName());
                }
                jars.add(jar);
            }
        } catch (ZipException e) {
            throw new IOException("it is not a readable archive: " + e.getMessage(), e);
        }
        return jars;
    }

    private static long copy(InputStream in, Path file, long most, String name) throws IOException {
        var buffer = new byte[BUFFER];
        long total = 0;
        try (var out = Files.newOutputStream(file)) {
            for (var read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                total += read;
                if (total > most) {
                    throw new IOException("the archive unpacks to more than the limit, at " + name);
                }
                out.write(buffer, 0, read);
            }
        }
        return total;
    }
}
