package io.slipway.runtime.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What the operator chose.
 *
 * @param kernels folder for the kernels' state
 * @param images folder of unpacked root file systems
 * @param isRoot whether the server runs as root, so that every kernel gets a user of its own
 * @param allowUnisolated whether kernels run without a sandbox where none can be made
 * @param hasNetwork whether kernels get a user-mode network
 * @param bounds sizes
 * @param uids the kernels' user ids
 */
record ProcessSettings(
        Path kernels,
        Path images,
        boolean isRoot,
        boolean allowUnisolated,
        boolean hasNetwork,
        Bounds bounds,
        UidRange uids) {

    /**
     * Sizes that hold for every kernel.
     *
     * @param openFiles most open files of a process
     * @param fileBytes most bytes of a file, 0 for no limit
     * @param logBytes most bytes of output that are kept
     * @param temporaryBytes most bytes in {@code /tmp}
     */
    record Bounds(int openFiles, long fileBytes, long logBytes, long temporaryBytes) {}

    /**
     * User ids that nobody on the machine has.
     *
     * @param claims folder for claims, shared by all installations of the machine
     * @param first the first id
     * @param count how many
     */
    record UidRange(Path claims, int first, int count) {}

    static final Path SYSTEM_FOLDER = Path.of("/var/lib/slipway");
    private static final int HOME_ID_BYTES = 6;

    /**
     * Chooses the kernels' folder. A server run by root keeps it outside of the installation, because kernels run as other
     * users that must be able to pass through all parents; a server run by a user keeps it in the installation.
     */
    static Path kernelsFolder(Path home, String configured, boolean isRoot) throws IOException {
        if (!configured.isBlank()) {
            return Path.of(configured).toAbsolutePath();
        }
        var real = home.toRealPath();
        return isRoot ? SYSTEM_FOLDER.resolve(shortName(real)).resolve("kernels") : real.resolve("kernels");
    }

    /** Returns twelve hexadecimal digits that tell a folder from others. */
    static String shortName(Path folder) {
        try {
            var digest = MessageDigest.getInstance("SHA-256")
                    .digest(folder.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HOME_ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    static boolean runsAsRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid") instanceof Integer uid && uid == 0;
    }
}
