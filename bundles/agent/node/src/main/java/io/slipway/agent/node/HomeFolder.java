package io.slipway.agent.node;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Optional;
import java.util.Set;

/**
 * The home of a kernel, walked by directory handles one name at a time and without following a link: programs in the
 * kernel may rename and replace whatever they like meanwhile, and still nothing outside of the home is reached. Opening may
 * wait: a program can put a pipe in the place of a file just then; see {@link HomeCalls}.
 */
final class HomeFolder {

    private final Path home;

    HomeFolder(Path home) {
        this.home = home;
    }

    /** Opens the handle of a folder. */
    SecureDirectoryStream<Path> folder(HomePath path) throws IOException {
        var folder = handle(home);
        for (var name : path.names()) {
            try (var parent = folder) {
                folder = child(parent, name);
            }
        }
        return folder;
    }

    /** Opens the handle of a folder, making it and those above it if they are lacking. */
    SecureDirectoryStream<Path> folder(HomePath path, NewFolders making) throws IOException {
        var folder = handle(home);
        for (var name : path.names()) {
            try (var parent = folder) {
                if (look(parent, name).isEmpty()) {
                    making.make(parent, name);
                }
                folder = child(parent, name);
            }
        }
        return folder;
    }

    /** Makes folders for somebody who has the handle of their parent. */
    interface NewFolders {
        void make(SecureDirectoryStream<Path> parent, Path name) throws IOException;
    }

    /** Opens a regular file to be read. */
    SeekableByteChannel file(HomePath path) throws IOException {
        if (path.isHome()) {
            throw new RefusedPathException(HomePath.HOME + " is a folder, not a file");
        }
        try (var folder = folder(path.parent())) {
            var name = path.names().getLast();
            var attributes = attributes(folder, name);
            if (!attributes.isRegularFile()) {
                throw new RefusedPathException("'" + name + "' is " + kind(attributes) + ", not a file");
            }
            return seekable(folder.newByteChannel(name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
        }
    }

    /** A pipe that took the place of the file has no position. */
    private static SeekableByteChannel seekable(SeekableByteChannel channel) throws IOException {
        try {
            return channel.position(0);
        } catch (IOException e) {
            channel.close();
            throw new RefusedPathException("it is no longer a file", e);
        }
    }

    /** Opens the handle of a folder in a folder. */
    static SecureDirectoryStream<Path> child(SecureDirectoryStream<Path> parent, Path name) throws IOException {
        var attributes = attributes(parent, name);
        if (!attributes.isDirectory()) {
            throw new RefusedPathException("'" + name + "' is " + kind(attributes) + ", not a folder");
        }
        return parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
    }

    /** Looks at something in a folder without following it. */
    static PosixFileAttributes attributes(SecureDirectoryStream<Path> folder, Path name) throws IOException {
        return folder.getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
    }

    /** Looks at something that may not be there. */
    static Optional<PosixFileAttributes> look(SecureDirectoryStream<Path> folder, Path name) throws IOException {
        try {
            return Optional.of(attributes(folder, name));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Returns to whom the home belongs, which is the user that the kernel runs as. */
    PosixFileAttributes owner() throws IOException {
        return Files.readAttributes(home, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** Opens the handle of a folder that programs in kernels cannot replace. */
    @SuppressWarnings("StreamResourceLeak") // the caller closes it
    static SecureDirectoryStream<Path> handle(Path folder) throws IOException {
        var stream = Files.newDirectoryStream(folder);
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        stream.close();
        throw new IOException("the file system of the kernels' homes has no directory handles");
    }

    private static String kind(PosixFileAttributes attributes) {
        if (attributes.isSymbolicLink()) {
            return "a link";
        }
        return attributes.isDirectory()
                ? "a folder"
                : attributes.isRegularFile() ? "a file" : "a device, pipe or socket";
    }
}
