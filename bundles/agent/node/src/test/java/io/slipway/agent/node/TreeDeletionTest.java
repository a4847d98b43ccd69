package io.slipway.agent.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeDeletionTest {

    @TempDir
    Path folder;

    @Test
    void neverFollowsLinks() throws IOException {
        var outside = Files.createDirectory(folder.resolve("outside"));
        var precious = Files.writeString(outside.resolve("precious"), "x");
        var tree = Files.createDirectories(folder.resolve("tree/a/b"));
        Files.createSymbolicLink(tree.resolve("link"), outside);
        Files.createSymbolicLink(folder.resolve("tree/link"), precious);
        Files.createSymbolicLink(folder.resolve("tree/root"), Path.of("/"));
        TreeDeletion.delete(folder, "tree", false);
        assertFalse(Files.exists(folder.resolve("tree")));
        assertEquals("x", Files.readString(precious));
    }

    @Test
    void deletesLinkInPlaceOfTree() throws IOException {
        var outside = Files.createDirectory(folder.resolve("outside"));
        Files.writeString(outside.resolve("precious"), "x");
        Files.createSymbolicLink(folder.resolve("tree"), outside);
        TreeDeletion.delete(folder, "tree", false);
        assertFalse(Files.isSymbolicLink(folder.resolve("tree")));
        assertTrue(Files.exists(outside.resolve("precious")));
    }

    @Test
    void deletesTreesDeeperThanAnyPath() throws Exception {
        // deeper than a path may be long, so only a program that goes down step by step can make it
        var script = """
                import os
                os.mkdir('tree'); os.chdir('tree')
                for i in range(3000):
                    os.mkdir('dddddddd'); os.chdir('dddddddd'); open('f', 'w').close()
                """;
        var process = new ProcessBuilder("/usr/bin/python3", "-c", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        TreeDeletion.delete(folder, "tree", false);
        assertFalse(Files.exists(folder.resolve("tree")));
    }

    @Test
    void deletesFoldersWithoutPermissions() throws IOException {
        var closed = Files.createDirectories(folder.resolve("tree/a/closed"));
        Files.writeString(closed.resolve("f"), "x");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        Files.setPosixFilePermissions(folder.resolve("tree/a"), PosixFilePermissions.fromString("r-x------"));
        Files.setPosixFilePermissions(folder.resolve("tree"), PosixFilePermissions.fromString("---------"));
        TreeDeletion.delete(folder, "tree", false);
        assertFalse(Files.exists(folder.resolve("tree")));
    }

    @Test
    void deletesNamesThatLookLikeItsOwn() throws IOException {
        Files.createDirectories(folder.resolve("tree/.deleted-0/x/y"));
        Files.createDirectories(folder.resolve("tree/b/.deleted-1"));
        TreeDeletion.delete(folder, "tree", true);
        assertFalse(Files.exists(folder.resolve("tree")));
    }

    @Test
    void doesNothingIfThereIsNone() throws IOException {
        TreeDeletion.delete(folder, "tree", true);
        assertTrue(Files.exists(folder));
    }

    @Test
    void refusesToLeaveTheFolder() {
        for (var name : new String[] {"", ".", "..", "../x", "a/b"}) {
            assertThrows(IllegalArgumentException.class, () -> TreeDeletion.delete(folder, name, true), name);
        }
    }
}
