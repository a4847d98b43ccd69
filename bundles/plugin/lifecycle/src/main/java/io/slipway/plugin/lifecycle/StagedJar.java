package io.slipway.plugin.lifecycle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Objects;

/** The file of a version that is not selected yet: under another name, so that no boot takes it for a version. */
final class StagedJar {

    private final Path file;
    private final PluginJar jar;
    private boolean isKept;

    StagedJar(Path file, PluginJar jar) {
        this.file = file;
        this.jar = jar;
    }

    /** Returns whether the version is not on disk yet. */
    boolean isNew() {
        return Files.notExists(file);
    }

    private Path staged() {
        return file.resolveSibling(file.getFileName() + ".new");
    }

    /** Writes it; on disk when this returns. */
    void write() throws IOException, SwapRefusedException {
        if (Files.exists(file)) {
            if (!Arrays.equals(Files.readAllBytes(file), jar.bytes())) {
                throw new SwapRefusedException("version " + jar.version()
                        + " is on disk with another content; a changed jar needs another version");
            }
            return;
        }
        if (Files.notExists(folder())) {
            Files.createDirectories(folder());
            sync(folder().resolve(".."));
        }
        try (var channel = FileChannel.open(
                staged(), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            var bytes = ByteBuffer.wrap(jar.bytes());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    /** Makes it a version. */
    void keep() throws IOException {
        if (Files.exists(staged())) {
            Files.move(staged(), file, StandardCopyOption.ATOMIC_MOVE);
            isKept = true;
            sync(folder());
        }
    }

    /** Forgets it, also if it was made a version by {@link #keep}; one that was on disk before stays. */
    void drop() throws IOException {
        Files.deleteIfExists(staged());
        if (isKept && Files.deleteIfExists(file)) {
            sync(folder());
        }
    }

    private Path folder() {
        return Objects.requireNonNull(file.toAbsolutePath().getParent());
    }

    private static void sync(Path folder) throws IOException {
        try (var entry = FileChannel.open(folder)) {
            entry.force(true);
        }
    }
}
