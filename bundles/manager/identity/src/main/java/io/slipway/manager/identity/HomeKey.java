package io.slipway.manager.identity;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The key under which an installation seals its secrets: 32 bytes, from the environment or from a file made once. */
final class HomeKey {

    private static final Logger LOG = LoggerFactory.getLogger(HomeKey.class);
    private static final int BYTES = 32;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> FOLDER_OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private HomeKey() {}

    /**
     * Returns the key.
     *
     * @param configured base64 of 32 bytes, empty to use the file
     * @param file where the key is or is to be kept
     * @throws IOException if the file cannot be read, made, or is open to others
     */
    static byte[] of(String configured, Path file, RandomGenerator random) throws IOException {
        if (!configured.isBlank()) {
            return decode(configured, "SLIPWAY_SECRET_KEY");
        }
        if (!Files.exists(file)) {
            create(file, random);
        }
        var permissions = Files.getPosixFilePermissions(file);
        if (!OWNER_ONLY.containsAll(permissions)) {
            throw new IOException("the key " + file + " is open to others ("
                    + PosixFilePermissions.toString(permissions) + "); run chmod 600 on it");
        }
        return decode(Files.readString(file), file.toString());
    }

    private static byte[] decode(String text, String where) {
        var stripped = text.strip().replace('-', '+').replace('_', '/');
        byte[] key;
        try {
            key = Base64.getDecoder().decode(stripped);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(where + " is not base64 of " + BYTES + " bytes", e);
        }
        if (key.length != BYTES) {
            throw new IllegalArgumentException(where + " has " + key.length + " bytes, " + BYTES + " are needed");
        }
        return key;
    }

    /** A kill at any moment leaves no key or a whole one: secrets sealed under a lost key would never open again. */
    private static void create(Path file, RandomGenerator random) throws IOException {
        var folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException("the key " + file + " has no folder");
        }
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, FOLDER_OWNER_ONLY);
        var key = new byte[BYTES];
        random.nextBytes(key);
        var text = Base64.getEncoder().encodeToString(key) + "\n";
        var part = file.resolveSibling(file.getFileName() + ".part");
        Files.deleteIfExists(part);
        try (var channel = FileChannel.open(
                part,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
            var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        LOG.info("Made the key {}; without it no stored secret can be opened, so keep a copy", file);
    }
}
