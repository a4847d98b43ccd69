package io.slipway.runtime.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * The device behind a user-mode network. Many nodes keep it for root; a server that runs as root then makes one of its own
 * for the network's program, seen by that program alone.
 */
final class TunDevice {

    static final Path PATH = Path.of("/dev/net/tun");

    /** Run by root's shell in a mount namespace of its own: hides the node's device behind an open one. */
    static final String OWN = "mount -t tmpfs -o size=64k,mode=755 tmpfs " + PATH.getParent() + " && mknod -m 666 "
            + PATH + " c 10 200 && exec \"$@\"";

    private TunDevice() {}

    /** Returns whether those who need the device may open the node's. */
    static boolean isOpen(boolean isRoot) {
        try {
            return isRoot
                    ? Files.getPosixFilePermissions(PATH).containsAll(PosixFilePermissions.fromString("------rw-"))
                    : Files.isReadable(PATH) && Files.isWritable(PATH);
        } catch (IOException e) {
            // no such device
            return false;
        }
    }

    /** Returns a command that runs another, given behind it, with a device of its own. */
    static List<String> withOwn(List<String> command) {
        var result =
                new ArrayList<>(List.of("unshare", "--mount", "--propagation", "slave", "/bin/sh", "-c", OWN, "sh"));
        result.addAll(command);
        return result;
    }
}
