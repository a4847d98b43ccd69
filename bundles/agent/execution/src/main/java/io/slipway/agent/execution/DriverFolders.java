package io.slipway.agent.execution;

import io.slipway.agent.spi.DriverKind;
import io.slipway.model.kernel.KernelId;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Makes, finds and removes the folders of drivers.
 *
 * <p>A folder must be readable for whatever user a kernel runs as, and for no other user of the node. Its name is hence a
 * secret: parents can be passed but not listed, and the name is a keyed digest of the kernel's id. That way it is found
 * again after a restart without a table.
 */
final class DriverFolders {

    /** Longest path of a socket that we rely on; the kernel's limit is 107. */
    static final int MAX_SOCKET_PATH = 90;

    /** FIFOs between a shell and the agent; {@code driver.sh} says what each is for. */
    static final List<String> FIFOS = List.of("in", "control", "stdin", "stdout", "stderr", "out");

    private static final List<String> PYTHON_SOURCES = List.of(
            "launcher.py",
            "tasks.py",
            "agentlink.py",
            "reactor.py",
            "interpreterprocess.py",
            "interpreter.py",
            "streams.py");
    private static final List<String> SHELL_SOURCES = List.of("driver.sh", "shell.sh");
    private static final int NAME_LENGTH = 32;
    private static final int SECRET_BYTES = 32;

    private final Path root;
    private byte @Nullable [] secret;

    DriverFolders(Path root) {
        this.root = root;
    }

    /** Makes the root folder and its secret, or checks that those there are ours. */
    void prepare() throws IOException {
        makeRoot(root);
        var file = root.resolve("secret");
        if (!Files.exists(file)) {
            var fresh = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(fresh);
            writeWhole(file, HexFormat.of().formatHex(fresh), "rw-------");
        }
        secret = HexFormat.of().parseHex(Files.readString(file).strip());
    }

    /** Returns a kernel's folder, whether it exists or not. */
    DriverFolder find(KernelId kernel) throws IOException {
        var folder = new DriverFolder(
                root.resolve(digest("folder " + kernel).substring(0, NAME_LENGTH)), digest("token " + kernel));
        var length = folder.socket().toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_SOCKET_PATH) {
            throw new IOException(folder.socket() + " has " + length + " bytes, more than " + MAX_SOCKET_PATH
                    + ": set runFolder to a shorter path");
        }
        return folder;
    }

    /** Makes a folder complete; does nothing for one that is. */
    void make(DriverFolder folder, DriverKind kind) throws IOException {
        var token = folder.path().resolve("token");
        if (Files.exists(token)) {
            return;
        }
        makeFolder(folder.path(), "rwxr-xr-x");
        switch (kind) {
            case PYTHON -> copy(PYTHON_SOURCES, folder.path());
            case SHELL -> {
                copy(SHELL_SOURCES, folder.path());
                makeFifos(folder.path());
            }
        }
        writeWhole(token, folder.token(), "rw-r--r--");
    }

    /** Removes a folder and all in it; nothing happens if there is none. */
    void remove(DriverFolder folder) throws IOException {
        if (!Files.isDirectory(folder.path(), LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (var files = Files.list(folder.path())) {
            for (var file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(folder.path());
    }

    /** Writes a file so that it is there as a whole or not at all. */
    static void writeWhole(Path file, String text, String permissions) throws IOException {
        var draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(draft, text);
        Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString(permissions));
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void makeRoot(Path folder) throws IOException {
        var parent = folder.getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            makeRoot(parent);
        }
        makeFolder(folder, "rwx--x--x");
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                || !Files.getOwner(folder).equals(Files.getOwner(Path.of("/proc/self")))) {
            throw new IOException(folder + " is not a folder of this user's own");
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    }

    private static void makeFolder(Path folder, String permissions) throws IOException {
        try {
            Files.createDirectory(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
        }
    }

    private static void copy(List<String> names, Path folder) throws IOException {
        for (var name : names) {
            try (var source = DriverFolders.class.getResourceAsStream("/driver/" + name)) {
                if (source == null) {
                    throw new FileNotFoundException("driver/" + name + " is not in the bundle");
                }
                Files.copy(source, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
            Files.setPosixFilePermissions(folder.resolve(name), PosixFilePermissions.fromString("rw-r--r--"));
        }
    }

    private static void makeFifos(Path folder) throws IOException {
        for (var name : FIFOS) {
            FifoMaker.make(folder.resolve(name));
        }
    }

    private String digest(String text) throws IOException {
        if (secret == null) {
            throw new NoSuchFileException(root.resolve("secret").toString());
        }
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IOException("this Java has no HmacSHA256", e);
        }
    }
}
