package io.slipway.agent.node;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/**
 * Deletes a folder tree that a hostile program wrote. Works on directory handles and never follows a link, so nothing
 * outside the tree is touched. Folders below are moved up before they are deleted, so depth costs neither stack nor handles
 * and no path gets too long. Programs that could write to the tree must have ended.
 */
final class TreeDeletion {

    private static final Set<PosixFilePermission> OWNER_ALL = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private final Path root;
    private final boolean hasToChangePermissions;
    private long moved;

    private TreeDeletion(Path root, boolean hasToChangePermissions) {
        this.root = root;
        this.hasToChangePermissions = hasToChangePermissions;
    }

    /**
     * Deletes a tree; nothing happens if it is not there.
     *
     * @param folder the folder that holds the tree, trusted
     * @param name the tree's name in it, one path element
     * @param isRoot whether permissions stand in the way of nothing
     * @throws IOException if something could not be deleted; it may be tried again
     */
    static void delete(Path folder, String name, boolean isRoot) throws IOException {
        if (name.isEmpty() || name.contains("/") || name.equals(".") || name.equals("..")) {
            throw new IllegalArgumentException("'" + name + "' is no name of a folder");
        }
        try (var parent = Files.newDirectoryStream(folder)) {
            new TreeDeletion(folder.resolve(name), !isRoot).run(secure(parent, folder), Path.of(name));
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private void run(SecureDirectoryStream<Path> parent, Path name) throws IOException {
        if (!exists(parent, name)) {
            return;
        }
        if (!isFolder(parent, name)) {
            parent.deleteFile(name);
            return;
        }
        open(root);
        while (true) {
            try (var top = parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
                if (!emptyOnce(top)) {
                    break;
                }
            }
        }
        parent.deleteDirectory(name);
    }

    /** Deletes what is in the tree's top; folders below come up. Returns whether there was anything. */
    private boolean emptyOnce(SecureDirectoryStream<Path> top) throws IOException {
        var found = false;
        for (var entry : top) {
            found = true;
            var name = nameOf(entry);
            if (isFolder(top, name)) {
                open(root.resolve(name));
                liftAndDelete(top, name);
            } else {
                deleteFile(top, name);
            }
        }
        return found;
    }

    private void liftAndDelete(SecureDirectoryStream<Path> top, Path name) throws IOException {
        try (var below = top.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
            for (var entry : below) {
                var inner = nameOf(entry);
                if (isFolder(below, inner)) {
                    // a folder can be moved only by one who may write to it
                    open(root.resolve(name).resolve(inner));
                    below.move(inner, top, freeName(top));
                } else {
                    deleteFile(below, inner);
                }
            }
        }
        top.deleteDirectory(name);
    }

    private Path freeName(SecureDirectoryStream<Path> top) throws IOException {
        while (true) {
            var name = Path.of(".deleted-" + moved++);
            if (!exists(top, name)) {
                return name;
            }
        }
    }

    private void open(Path folder) throws IOException {
        if (hasToChangePermissions && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.setPosixFilePermissions(folder, OWNER_ALL);
        }
    }

    private static void deleteFile(SecureDirectoryStream<Path> folder, Path name) throws IOException {
        try {
            folder.deleteFile(name);
        } catch (NoSuchFileException e) {
            // gone already, which is what was wanted
            return;
        }
    }

    private static boolean exists(SecureDirectoryStream<Path> folder, Path name) throws IOException {
        try {
            attributes(folder, name).readAttributes();
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static boolean isFolder(SecureDirectoryStream<Path> folder, Path name) throws IOException {
        try {
            return attributes(folder, name).readAttributes().isDirectory();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static BasicFileAttributeView attributes(SecureDirectoryStream<Path> folder, Path name) {
        return folder.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static Path nameOf(Path entry) throws IOException {
        var name = entry.getFileName();
        if (name == null) {
            throw new IOException("an entry of a folder has no name: " + entry);
        }
        return name;
    }

    private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream, Path folder) throws IOException {
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        throw new IOException("the file system of " + folder + " has no directory handles");
    }
}
