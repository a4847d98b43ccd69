package io.slipway.runtime.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Says how bwrap shows a root file system read-only while other things are mounted into it. bwrap makes missing mount
 * points, but not in what is bound read-only; folders that lack one are therefore shown entry by entry.
 */
final class RootView {

    /** Made anew in every sandbox, or of no business to a kernel. */
    private static final Set<String> NOT_OF_THE_IMAGE =
            Set.of("/proc", "/sys", "/dev", "/tmp", "/run", "/home", "/root");

    private final Path root;
    private final List<String> mountPoints;
    private final List<String> arguments = new ArrayList<>();

    private RootView(Path root, Collection<String> mountPoints) {
        this.root = root;
        this.mountPoints = List.copyOf(mountPoints);
    }

    /**
     * Returns the arguments.
     *
     * @param root the root file system's top
     * @param source what bwrap must be told instead of the top, where the kernel's user cannot reach that
     * @param mountPoints absolute paths inside where something else goes
     */
    static List<String> arguments(Path root, Path source, Collection<String> mountPoints) throws IOException {
        var view = new RootView(root, mountPoints);
        view.show("", source);
        return view.arguments;
    }

    /** Returns the arguments that show a few entries of the node's own top. */
    static List<String> part(List<String> entries, Collection<String> mountPoints) throws IOException {
        var view = new RootView(Path.of("/"), mountPoints);
        for (var entry : entries) {
            var path = Path.of(entry);
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                view.showEntry(entry, path, path);
            }
        }
        return view.arguments;
    }

    private void show(String inside, Path source) throws IOException {
        var entries = new ArrayList<Path>();
        try (var stream = Files.newDirectoryStream(root.resolve("." + inside))) {
            stream.forEach(entries::add);
        }
        entries.sort(null);
        for (var entry : entries) {
            var name = String.valueOf(entry.getFileName());
            showEntry(inside + "/" + name, entry, source.resolve(name));
        }
    }

    private void showEntry(String inside, Path entry, Path source) throws IOException {
        if (NOT_OF_THE_IMAGE.contains(inside) || mountPoints.contains(inside)) {
            return;
        }
        if (Files.isSymbolicLink(entry)) {
            arguments.addAll(List.of("--symlink", Files.readSymbolicLink(entry).toString(), inside));
        } else if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS) && lacksMountPoint(inside)) {
            arguments.addAll(List.of("--dir", inside));
            show(inside, source);
        } else {
            arguments.addAll(List.of("--ro-bind", source.toString(), inside));
        }
    }

    private boolean lacksMountPoint(String inside) {
        return mountPoints.stream()
                .filter(point -> point.startsWith(inside + "/"))
                .anyMatch(point -> !isPlain(point));
    }

    /** Returns whether a path exists in the image, and no part of it is a link. */
    private boolean isPlain(String point) {
        var path = root;
        for (var name : Path.of(point)) {
            path = path.resolve(name);
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS) || Files.isSymbolicLink(path)) {
                return false;
            }
        }
        return true;
    }
}
