package io.slipway.runtime.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Files in folders that only this runtime and its supervisors write to. Reads are bounded and never follow a link. */
final class OwnFiles {

    static final String PRIVATE = "rw-------";
    static final String READABLE = "rw-r--r--";

    private OwnFiles() {}

    /** Makes a folder and its missing parents with exactly these permissions, whatever the umask. */
    static void createFolders(Path folder, String permissions) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        var parent = folder.getParent();
        if (parent != null) {
            createFolders(parent, permissions);
        }
        try {
            createFolder(folder, permissions);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
    }

    static void createFolder(Path folder, String permissions) throws IOException {
        Files.createDirectory(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
    }

    /** Writes a new file with exactly these permissions. */
    static void write(Path file, byte[] content, String permissions) throws IOException {
        Files.write(file, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    static void write(Path file, String content, String permissions) throws IOException {
        write(file, content.getBytes(StandardCharsets.UTF_8), permissions);
    }

    /** Writes a file that may be there already; who reads it sees the old content or the new. */
    static void replace(Path file, byte[] content, String permissions) throws IOException {
        var part = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        Files.deleteIfExists(part);
        write(part, content, permissions);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Returns the first bytes of a file as text; empty if it is not there. */
    static Optional<String> read(Path file, int mostBytes) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            var buffer = ByteBuffer.allocate((int) Math.min(mostBytes, Math.max(channel.size(), 4096)));
            fill(channel, buffer);
            return Optional.of(StandardCharsets.UTF_8.decode(buffer.flip()).toString());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Returns the last bytes of a file, none if it is not there. */
    static byte[] tail(Path file, int mostBytes) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            var size = channel.size();
            var buffer = ByteBuffer.allocate((int) Math.min(mostBytes, size));
            channel.position(size - buffer.capacity());
            fill(channel, buffer);
            var bytes = new byte[buffer.flip().remaining()];
            buffer.get(bytes);
            return bytes;
        } catch (NoSuchFileException e) {
            return new byte[0];
        }
    }

    private static void fill(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                return;
            }
        }
    }

    /** Deletes a folder and all in it, perhaps beside somebody else who does so; nothing happens if it is not there. */
    static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException error) throws IOException {
                if (error instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw error;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path inner, @Nullable IOException error) throws IOException {
                if (error != null && !(error instanceof NoSuchFileException)) {
                    throw error;
                }
                Files.deleteIfExists(inner);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
