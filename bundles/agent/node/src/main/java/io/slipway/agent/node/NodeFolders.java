package io.slipway.agent.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Where the agent keeps things.
 *
 * @param state only for the agent: its id and one small file per kernel
 * @param kernelHomes a folder per kernel, seen inside as {@code /home/work}
 */
record NodeFolders(Path state, Path kernelHomes) {

    private static final Path SYSTEM_FOLDER = Path.of("/var/lib/slipway");
    private static final int HOME_ID_BYTES = 6;

    /**
     * Chooses the folders. A server run by root keeps kernel homes outside of the installation, because kernels run as
     * other users that must be able to pass through all parents; a server run by a user keeps them in the installation.
     *
     * @param home the folder of the installation
     * @param configuredKernelHomes overrides the choice unless empty
     */
    static NodeFolders of(Path home, String configuredKernelHomes, boolean isRoot) throws IOException {
        var real = home.toRealPath();
        var state = real.resolve("agent");
        if (!configuredKernelHomes.isBlank()) {
            return new NodeFolders(state, Path.of(configuredKernelHomes).toAbsolutePath());
        }
        return new NodeFolders(
                state, isRoot ? SYSTEM_FOLDER.resolve(homeId(real)).resolve("homes") : real.resolve("kernel-homes"));
    }

    /** Returns a short name of an installation: twelve hexadecimal digits of the SHA-256 of its real path. */
    static String homeId(Path realHome) {
        try {
            var digest = MessageDigest.getInstance("SHA-256")
                    .digest(realHome.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HOME_ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Makes what is missing. */
    void create() throws IOException {
        createDirectories(state, "rwx------");
        createDirectories(kernelNotes(), "rwx------");
        createDirectories(kernelHomes, "rwx--x--x");
    }

    Path kernelNotes() {
        return state.resolve("kernels");
    }

    private static void createDirectories(Path folder, String permissions) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        var parent = folder.getParent();
        if (parent != null) {
            createDirectories(parent, permissions);
        }
        // set once more after creation: the umask may have taken away the right to pass through
        Files.createDirectory(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
    }
}
