package io.slipway.plugin.lifecycle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** The file of a version that is not selected yet: under another name, so that no boot takes it for a version. */
final class StagedJar {

    private final Path file;
    private final PluginJar jar;

    StagedJar(Path file, PluginJar jar) {
        this.file = file;
        this.jar = jar;
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
        Files.createDirectories(file.toAbsolutePath().getParent());
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
            try (var folder = FileChannel.open(file.toAbsolutePath().getParent())) {
                folder.force(true);
            }
        }
    }

    /** Forgets it, unless it is a version. */
    void drop() throws IOException {
        Files.deleteIfExists(staged());
    }
}
