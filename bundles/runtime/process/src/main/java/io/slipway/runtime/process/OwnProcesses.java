package io.slipway.runtime.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Counts what the server's own user has running. */
final class OwnProcesses {

    private OwnProcesses() {}

    /** Returns the threads of all processes of our user. */
    static int threads() throws IOException {
        var own = Files.getOwner(Path.of("/proc/self"));
        var threads = 0;
        for (var pid : ProcFiles.all()) {
            var stat = ProcFiles.stat(pid);
            if (stat.isPresent() && isOf(own, pid)) {
                threads += stat.get().threads();
            }
        }
        return threads;
    }

    private static boolean isOf(Object user, long pid) {
        try {
            return Files.getOwner(Path.of("/proc", Long.toString(pid))).equals(user);
        } catch (IOException e) {
            // gone meanwhile
            return false;
        }
    }
}
