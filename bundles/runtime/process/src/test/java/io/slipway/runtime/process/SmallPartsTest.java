package io.slipway.runtime.process;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmallPartsTest {

    @TempDir
    private Path folder;

    @Test
    void aShellReadsExactlyWhatWasQuoted() throws Exception {
        for (var text : List.of("", "plain", "it's", "a  b\n\tc", "$HOME `id` $(id) \\ \" * ; &", "''", "-n", "ä€")) {
            var process = new ProcessBuilder("/bin/sh", "-c", "printf %s " + ShellWords.quote(text)).start();
            assertEquals(text, new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        }
        assertThrows(IllegalArgumentException.class, () -> ShellWords.quote("a\0b"));
    }

    @Test
    void aProcessIsKnownByMoreThanItsNumber() {
        var own = ProcFiles.stat(ProcessHandle.current().pid()).orElseThrow();
        var self = new HostProcess(ProcessHandle.current().pid(), own.startTicks(), ProcFiles.bootId());

        assertTrue(self.isAlive() && self.handle().isPresent());
        assertFalse(new HostProcess(self.pid(), self.startTicks() - 1, self.boot()).isAlive());
        assertFalse(new HostProcess(self.pid(), self.startTicks(), "another-boot").isAlive());
        assertEquals(
                Optional.of(self), HostProcess.parse(self.pid() + " " + self.startTicks() + " " + self.boot() + "\n"));
        for (var bad : List.of("", "1", "1 2", "1 2 abc", "x 2 abc\n", "1 2 abc\nmore")) {
            assertEquals(Optional.empty(), HostProcess.parse(bad), bad);
        }
    }

    @Test
    void aStatLineIsReadWhateverTheProgramIsCalled() {
        var stat = ProcFiles.parse(
                        "12 (a) b (x) S 1 12 11 0 -1 4194560 1 2 3 4 150 50 5 6 20 0 3 0 4711 999 77 18446744073")
                .orElseThrow();

        assertEquals(new ProcFiles.Stat('S', 11, 2_000, 3, 4711, 77), stat);
        assertEquals(Optional.empty(), ProcFiles.parse("12 (sh) S 1"));
    }

    @Test
    void userIdsAreNeverGivenTwice() throws IOException {
        var ids = ids(RandomGenerator.getDefault(), InstantSource.system());
        var owner = new KernelFolder(Files.createDirectory(folder.resolve("kernel")));
        var given = new HashSet<Integer>();
        for (var i = 0; i < 10; i++) {
            assertTrue(given.add(ids.claim(owner)));
        }
        assertThrows(IOException.class, () -> ids.claim(owner));
        ids.release(2_003);
        assertEquals(2_003, ids.claim(owner));
    }

    @Test
    void aClaimOfAKernelThatNeverCameToBeEnds() throws IOException {
        var earlier = ids(RandomGenerator.getDefault(), InstantSource.system());
        var ids = ids(RandomGenerator.getDefault(), () -> Instant.now().plus(Duration.ofHours(1)));
        var gone = new KernelFolder(folder.resolve("gone"));
        for (var i = 0; i < 10; i++) {
            earlier.claim(gone);
        }
        Files.setLastModifiedTime(
                folder.resolve("claims/2005"), FileTime.from(Instant.now().plus(Duration.ofHours(1))));

        var next = ids.claim(gone);

        assertNotEquals(2_005, next);
        assertTrue(next >= 2_000 && next < 2_010);
        assertThrows(
                IllegalArgumentException.class,
                () -> new UserIds(
                        new ProcessSettings.UidRange(folder, 10, 5),
                        RandomGenerator.getDefault(),
                        InstantSource.system()));
    }

    /** Programs of it may run on with its id. */
    @Test
    void aClaimOfAKernelWhoseRemovalGotStuckStays() throws IOException {
        var earlier = ids(RandomGenerator.getDefault(), InstantSource.system());
        var later = ids(RandomGenerator.getDefault(), () -> Instant.now().plus(Duration.ofHours(1)));
        var stuck = new KernelFolder(folder.resolve("stuck"));
        Files.createDirectory(folder.resolve(".removed-stuck"));
        for (var i = 0; i < 10; i++) {
            earlier.claim(stuck);
        }
        assertThrows(IOException.class, () -> later.claim(stuck));
    }

    private UserIds ids(RandomGenerator random, InstantSource clock) {
        return new UserIds(new ProcessSettings.UidRange(folder.resolve("claims"), 2_000, 10), random, clock);
    }

    @Test
    void theEndOfAFileIsReadAndNeverThroughALink() throws IOException {
        var file = folder.resolve("file");
        Files.writeString(file, "0123456789");

        assertArrayEquals("789".getBytes(StandardCharsets.UTF_8), OwnFiles.tail(file, 3));
        assertArrayEquals("0123456789".getBytes(StandardCharsets.UTF_8), OwnFiles.tail(file, 100));
        assertEquals(0, OwnFiles.tail(folder.resolve("none"), 3).length);
        assertEquals(Optional.empty(), OwnFiles.read(folder.resolve("none"), 3));
        Files.createSymbolicLink(folder.resolve("link"), file);
        assertThrows(IOException.class, () -> OwnFiles.tail(folder.resolve("link"), 3));
        assertThrows(IOException.class, () -> OwnFiles.read(folder.resolve("link"), 3));
    }

    @Test
    void olderMachinesCountProcessesOtherwise() {
        for (var version : List.of("5.14.0", "6.1.0-37-amd64", "10.0")) {
            assertTrue(LaunchFiles.countsPerNamespace(version), version);
        }
        for (var version : List.of("5.10.0-35-amd64", "4.19", "", "odd")) {
            assertFalse(LaunchFiles.countsPerNamespace(version), version);
        }
    }

    @Test
    void deletingATreeFollowsNoLink() throws IOException {
        var outside = Files.writeString(folder.resolve("outside"), "x");
        var tree = Files.createDirectories(folder.resolve("tree/inner"));
        Files.createSymbolicLink(tree.resolve("link"), folder);

        OwnFiles.deleteTree(folder.resolve("tree"));

        assertFalse(Files.exists(folder.resolve("tree")));
        assertTrue(Files.exists(outside));
        OwnFiles.deleteTree(folder.resolve("tree"));
    }

    @Test
    void theFoldersOfAServerDependOnWhoRunsIt() throws IOException {
        var home = Files.createDirectory(folder.resolve("my home"));

        assertEquals(home.toRealPath().resolve("kernels"), ProcessSettings.kernelsFolder(home, "", false));
        var system = ProcessSettings.kernelsFolder(home, " ", true);
        assertTrue(system.toString().matches("/var/lib/slipway/[0-9a-f]{12}/kernels"), system.toString());
        assertEquals(Path.of("/data/k"), ProcessSettings.kernelsFolder(home, "/data/k", true));
    }

    @Test
    void whetherAFolderCanBeReachedDependsOnAllItsParents() throws IOException {
        var inner = Files.createDirectories(folder.resolve("a/b/c"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        Files.setPosixFilePermissions(folder.resolve("a"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(folder.resolve("a/b"), PosixFilePermissions.fromString("rwxr-xr-x"));
        assertTrue(Staging.isOpen(inner));

        Files.setPosixFilePermissions(folder.resolve("a"), PosixFilePermissions.fromString("rwx------"));

        assertFalse(Staging.isOpen(inner));
        assertTrue(Staging.isOpen(folder.resolve("a")));
    }
}
