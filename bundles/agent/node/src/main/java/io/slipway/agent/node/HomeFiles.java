package io.slipway.agent.node;

import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.AgentException.Reason;
import io.slipway.agent.api.AgentFiles;
import io.slipway.agent.api.FileContent;
import io.slipway.agent.api.FileEntry;
import io.slipway.agent.api.FileListing;
import io.slipway.agent.api.FileUpload;
import io.slipway.model.kernel.KernelId;
import java.io.IOException;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;

/** Files in the homes of this node's kernels; whatever the runtime, a home is a folder of the node. */
final class HomeFiles implements AgentFiles {

    private static final int MOST_LISTED = 10_000;

    private final KernelTable table;
    private final KernelHomes homes;
    private final HomeCalls calls;
    private final ArchiveRoom room;

    HomeFiles(KernelTable table, KernelHomes homes, HomeCalls calls, ArchiveRoom room) {
        this.table = table;
        this.homes = homes;
        this.calls = calls;
        this.room = room;
    }

    @Override
    public FileListing list(KernelId kernel, String path) throws AgentException {
        var home = home(kernel);
        return calls.call(kernel, () -> list(home, HomePath.parse(path)));
    }

    private static FileListing list(HomeFolder home, HomePath path) throws IOException {
        var entries = new ArrayList<FileEntry>();
        var isComplete = true;
        try (var folder = home.folder(path)) {
            for (var found : folder) {
                var name = found.getFileName();
                if (name == null) {
                    continue;
                }
                if (entries.size() == MOST_LISTED) {
                    isComplete = false;
                    break;
                }
                // one that is gone by now is not listed
                HomeFolder.look(folder, name).ifPresent(attributes -> entries.add(entry(name.toString(), attributes)));
            }
        }
        entries.sort(Comparator.comparing(FileEntry::name));
        return new FileListing(path.inside(), entries, isComplete);
    }

    private static FileEntry entry(String name, PosixFileAttributes attributes) {
        var kind =
                attributes.isDirectory() ? "d" : attributes.isSymbolicLink() ? "l" : attributes.isOther() ? "?" : "-";
        return new FileEntry(
                name,
                kind + PosixFilePermissions.toString(attributes.permissions()),
                attributes.size(),
                attributes.creationTime().toInstant(),
                attributes.lastModifiedTime().toInstant(),
                attributes.lastAccessTime().toInstant());
    }

    @Override
    public FileContent read(KernelId kernel, String path) throws AgentException {
        var home = home(kernel);
        return calls.call(kernel, () -> OpenHomeFile.open(home, HomePath.parse(path)));
    }

    @Override
    public FileContent archive(KernelId kernel, String path) throws AgentException {
        var home = home(kernel);
        HomeArchive.Opener opener = file -> calls.call(kernel, () -> home.file(file));
        return calls.call(kernel, () -> HomeArchive.plan(home, HomePath.parse(path), opener, room));
    }

    @Override
    public FileUpload upload(KernelId kernel, String path, long maxBytes) throws AgentException {
        var home = home(kernel);
        try {
            return HomeUpload.begin(
                    home, HomePath.parse(path), maxBytes, homes.staging(), work -> calls.call(kernel, work));
        } catch (IOException e) {
            throw HomeCalls.failure(e);
        }
    }

    private HomeFolder home(KernelId id) throws AgentException {
        var kernel = table.find(id)
                .orElseThrow(() -> new AgentException(Reason.UNKNOWN_KERNEL, "this agent has no kernel " + id));
        if (kernel.stage() != NodeKernel.Stage.RUNNING) {
            throw new AgentException(Reason.FAILED, "kernel " + id + " does not run");
        }
        return homes.find(id)
                .map(HomeFolder::new)
                .orElseThrow(() -> new AgentException(Reason.FAILED, "kernel " + id + " has no home folder"));
    }
}
