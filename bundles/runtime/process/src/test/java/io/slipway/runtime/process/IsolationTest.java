package io.slipway.runtime.process;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IsolationTest {

    @TempDir
    private Path folder;

    @Test
    void whatAnInterruptCutShortIsBelievedByNobodyElse() throws Exception {
        var tool = Files.createFile(folder.resolve("bwrap"));
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwx------"));
        var settings = new ProcessSettings(
                folder.resolve("kernels"),
                folder.resolve("images"),
                false,
                false,
                false,
                new ProcessSettings.Bounds(1_024, 0, 1 << 20, 64 << 20),
                new ProcessSettings.UidRange(folder.resolve("uids"), 700_000, 10_000));
        var isolation = new Isolation(settings, List.of(folder.toString()), Optional.empty());
        Thread.currentThread().interrupt();
        try {
            isolation.now();
        } finally {
            Thread.interrupted();
        }

        var obstacle = isolation.now().obstacle();

        assertFalse(obstacle.contains("interrupted"), obstacle);
    }
}
