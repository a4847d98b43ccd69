package io.slipway.agent.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes small files so that a reader sees the old content or the new, never a part. */
final class AtomicFiles {

    private static final String PART = ".part";

    private AtomicFiles() {}

    static void write(Path file, String content) throws IOException {
        var part = file.resolveSibling(file.getFileName() + PART);
        Files.writeString(part, content);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    static void write(Path file, byte[] content) throws IOException {
        var part = file.resolveSibling(file.getFileName() + PART);
        Files.write(part, content);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
