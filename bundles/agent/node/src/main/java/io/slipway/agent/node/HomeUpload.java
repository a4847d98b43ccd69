package io.slipway.agent.node;

import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.AgentException.Reason;
import io.slipway.agent.api.FileUpload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file on its way into a home. It is written in a folder that only the agent sees, and moved into its place when it is
 * complete, by handles of both folders: nothing that is in the home is ever opened to be written to.
 */
final class HomeUpload implements FileUpload {

    private static final Logger LOG = LoggerFactory.getLogger(HomeUpload.class);
    private static final Set<PosixFilePermission> OF_A_FILE = PosixFilePermissions.fromString("rw-r--r--");
    private static final Set<PosixFilePermission> OF_A_FOLDER = PosixFilePermissions.fromString("rwxr-xr-x");

    private final HomeFolder home;
    private final HomePath target;
    private final long maxBytes;
    private final Path staged;
    private final FileChannel channel;
    private final Committer committer;
    private long written;

    /** Where blocking work on the home is done. */
    interface Committer {
        void run(HomeCalls.Work<Path> work) throws AgentException;
    }

    private HomeUpload(
            HomeFolder home, HomePath target, long maxBytes, Path staged, FileChannel channel, Committer committer) {
        this.home = home;
        this.target = target;
        this.maxBytes = maxBytes;
        this.staged = staged;
        this.channel = channel;
        this.committer = committer;
    }

    /**
     * Begins.
     *
     * @param staging folder of the agent, on the file system of the home
     */
    static HomeUpload begin(HomeFolder home, HomePath target, long maxBytes, Path staging, Committer committer)
            throws IOException {
        if (target.isHome()) {
            throw new RefusedPathException(HomePath.HOME + " is a folder; a file needs a name");
        }
        var staged = Files.createTempFile(staging, "file-", "");
        try {
            var channel = FileChannel.open(staged, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            return new HomeUpload(home, target, maxBytes, staged, channel, committer);
        } catch (IOException e) {
            Files.deleteIfExists(staged);
            throw e;
        }
    }

    @Override
    public void write(ByteBuffer piece) throws AgentException {
        written += piece.remaining();
        if (written > maxBytes) {
            throw new AgentException(
                    Reason.INVALID_INPUT, "'" + target.lastName() + "' is larger than " + maxBytes + " bytes");
        }
        try {
            while (piece.hasRemaining()) {
                channel.write(piece);
            }
        } catch (IOException e) {
            throw HomeCalls.failure(e);
        }
    }

    @Override
    public void complete() throws AgentException {
        committer.run(() -> {
            channel.close();
            give(staged, OF_A_FILE);
            try (var staging = HomeFolder.handle(staging());
                    var folder = home.folder(target.parent(), (parent, name) -> make(staging, parent, name))) {
                var name = target.names().getLast();
                if (HomeFolder.look(folder, name)
                        .filter(there -> there.isDirectory())
                        .isPresent()) {
                    throw new RefusedPathException("'" + name + "' is a folder");
                }
                staging.move(nameOf(staged), folder, name);
            }
            return staged;
        });
    }

    private Path staging() throws IOException {
        var folder = staged.getParent();
        if (folder == null) {
            throw new IOException("a staged file has no folder");
        }
        return folder;
    }

    /** The interface of directory handles cannot make folders, so one is made in the agent's and moved. */
    private void make(SecureDirectoryStream<Path> staging, SecureDirectoryStream<Path> parent, Path name)
            throws IOException {
        var made = Files.createTempDirectory(staging(), "folder-");
        try {
            give(made, OF_A_FOLDER);
            staging.move(nameOf(made), parent, name);
        } finally {
            Files.deleteIfExists(made);
        }
    }

    private void give(Path made, Set<PosixFilePermission> permissions) throws IOException {
        var owner = home.owner();
        var view = Files.getFileAttributeView(made, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        var now = view.readAttributes();
        view.setPermissions(permissions);
        if (!now.group().equals(owner.group())) {
            view.setGroup(owner.group());
        }
        if (!now.owner().equals(owner.owner())) {
            view.setOwner(owner.owner());
        }
    }

    private static Path nameOf(Path path) throws IOException {
        var name = path.getFileName();
        if (name == null) {
            throw new IOException("a staged file has no name");
        }
        return name;
    }

    @Override
    public void close() {
        try (channel) {
            Files.deleteIfExists(staged);
        } catch (IOException e) {
            LOG.warn("A piece of an upload may be left at {} until the next start: {}", staged, e.toString());
        }
    }
}
