package io.slipway.plugin.sources;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files of this machine. */
final class LocalFile {

    private static final int BUFFER = 1 << 16;

    private LocalFile() {}

    /** Copies a regular file, up to a size; it may grow meanwhile. */
    static void copy(Path from, Path to, long mostBytes) throws IOException {
        if (!Files.isRegularFile(from)) {
            throw new IOException("there is no file " + from);
        }
        try (var in = Files.newInputStream(from);
                var out = Files.newOutputStream(to)) {
            var buffer = new byte[BUFFER];
            long total = 0;
            for (var read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                total += read;
                if (total > mostBytes) {
                    throw new IOException(from + " is larger than " + mostBytes + " bytes");
                }
                out.write(buffer, 0, read);
            }
        }
    }
}
