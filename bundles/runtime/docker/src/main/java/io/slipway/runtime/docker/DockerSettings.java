package io.slipway.runtime.docker;

import java.nio.file.Path;

/**
 * What the operator chose.
 *
 * @param isEnabled whether the engine may be used at all
 * @param host address of the engine
 * @param tlsFolder folder of ca.pem, cert.pem and key.pem for a TCP engine; empty for none
 * @param hasNetwork whether containers get the engine's bridge network
 * @param owner tells this installation's containers from others'
 * @param used a file that is there once this installation had a container
 * @param user user and group that kernels run as
 * @param bounds sizes
 */
record DockerSettings(
        boolean isEnabled,
        String host,
        String tlsFolder,
        boolean hasNetwork,
        String owner,
        Path used,
        User user,
        Bounds bounds) {

    static final String UNIX = "unix://";

    /**
     * A user of the node.
     *
     * @param uid never 0
     * @param canGive whether files can be given to it
     */
    record User(int uid, int gid, boolean canGive) {

        User {
            if (uid <= 0 || gid <= 0) {
                throw new IllegalArgumentException("kernels never run as root: user " + uid + ", group " + gid);
            }
        }

        @Override
        public String toString() {
            return uid + ":" + gid;
        }
    }

    /**
     * Sizes that hold for every kernel.
     *
     * @param openFiles most open files of a process
     * @param logKibibytes most output that is kept
     * @param temporaryMebibytes most bytes in {@code /tmp}
     */
    record Bounds(int openFiles, int logKibibytes, int temporaryMebibytes) {}

    boolean isLocal() {
        return host.startsWith(UNIX);
    }

    Path socket() {
        return Path.of(host.substring(UNIX.length()));
    }
}
