package io.slipway.runtime.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes folders of the node reachable for the user that a kernel runs as. What lies below a folder that only root may pass
 * through is bound into the kernel's own folder first, by root and in a mount namespace of the kernel alone.
 */
final class Staging {

    private final KernelFolder draft;
    private final KernelFolder place;
    private final boolean isRoot;
    private final List<String> commands = new ArrayList<>();

    /** Creates one for the kernel whose folder is now {@code draft} and will be {@code place}. */
    Staging(KernelFolder draft, KernelFolder place, boolean isRoot) {
        this.draft = draft;
        this.place = place;
        this.isRoot = isRoot;
    }

    /** Returns the path to use for a file or folder of the node. */
    Path reachable(Path path) throws IOException {
        if (!isRoot || isOpen(path)) {
            return path;
        }
        var binds = draft.file("binds");
        if (commands.isEmpty()) {
            OwnFiles.createFolder(binds, "rwx--x--x");
        }
        var name = Integer.toString(commands.size());
        if (Files.isDirectory(path)) {
            OwnFiles.createFolder(binds.resolve(name), "rwx--x--x");
        } else {
            OwnFiles.write(binds.resolve(name), "", OwnFiles.READABLE);
        }
        var target = place.file("binds").resolve(name);
        commands.add("mount --rbind " + ShellWords.quote(path.toString()) + " " + ShellWords.quote(target.toString())
                + " || exit 125");
        return target;
    }

    /** Returns whether everyone may pass through all parents of a path. */
    static boolean isOpen(Path path) throws IOException {
        for (var parent = path.toAbsolutePath().getParent(); parent != null; parent = parent.getParent()) {
            if (!Files.getPosixFilePermissions(parent).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                return false;
            }
        }
        return true;
    }

    /** Returns mount commands for root, one each; empty if none is needed. */
    List<String> commands() {
        return List.copyOf(commands);
    }
}
