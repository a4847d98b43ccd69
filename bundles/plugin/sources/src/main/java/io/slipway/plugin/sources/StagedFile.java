package io.slipway.plugin.sources;

import io.slipway.plugin.api.PluginVerdict.Finding;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * A private copy of a file, so that nobody changes it between one look and the next.
 *
 * @param folder only this user can enter it
 * @param file the copy, in the folder
 * @param digest SHA-256 of the copy, hex
 */
record StagedFile(Path folder, Path file, String digest) implements AutoCloseable {

    private static final int BUFFER = 1 << 16;

    static StagedFile of(Path source, long limit) throws IOException, Refused {
        try (var in = Files.newInputStream(source)) {
            return of(in, limit);
        }
    }

    static StagedFile of(InputStream in, long limit) throws IOException, Refused {
        var folder = Files.createTempDirectory("slipway-plugin-");
        var copy = folder.resolve("plugin.jar");
        var digest = Digests.sha256();
        try (var out = new DigestOutputStream(Files.newOutputStream(copy), digest)) {
            copy(in, out, limit);
        } catch (IOException | Refused e) {
            delete(folder, copy);
            throw e;
        }
        return new StagedFile(folder, copy, hex(digest));
    }

    private static void copy(InputStream in, OutputStream out, long limit) throws IOException, Refused {
        var buffer = new byte[BUFFER];
        long total = 0;
        for (var read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            total += read;
            if (total > limit) {
                throw new Refused(Finding.TOO_LARGE, "the file is larger than " + limit + " bytes");
            }
            out.write(buffer, 0, read);
        }
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void delete(Path folder, Path copy) throws IOException {
        Files.deleteIfExists(copy);
        Files.deleteIfExists(folder);
    }

    @Override
    public void close() throws IOException {
        delete(folder, file);
    }
}
