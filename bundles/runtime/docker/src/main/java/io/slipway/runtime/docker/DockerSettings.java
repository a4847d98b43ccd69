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
 * @param users whom kernels run as
 * @param bounds sizes
 */
record DockerSettings(
        boolean isEnabled,
        String host,
        String tlsFolder,
        boolean hasNetwork,
        String owner,
        Path used,
        KernelUsers users,
        Bounds bounds) {

    static final String UNIX = "unix://";

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
