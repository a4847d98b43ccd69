package io.slipway.runtime.process;

import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.process.LocalImages.LocalImage;
import io.slipway.runtime.spi.KernelSpec;
import io.slipway.runtime.spi.OwnedKernel.State;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes what a kernel needs before it starts, and takes it away again. Every step may be repeated after a crash. */
final class KernelBuilder {

    private static final Logger LOG = LoggerFactory.getLogger(KernelBuilder.class);
    /** A kernel under construction; nobody else looks at it. */
    static final String NEW = ".new-";
    /** A kernel that counts as gone, but something of it may be left. */
    static final String REMOVED = ".removed-";

    private static final Duration ABANDONED_AFTER = Duration.ofMinutes(10);

    private final ProcessSettings settings;
    private final ControlGroups groups;
    private final UserIds userIds;
    private final LaunchFiles launchFiles;
    private final ExitBoard exits;

    KernelBuilder(
            ProcessSettings settings, ControlGroups groups, UserIds userIds, LaunchFiles launchFiles, ExitBoard exits) {
        this.settings = settings;
        this.groups = groups;
        this.userIds = userIds;
        this.launchFiles = launchFiles;
        this.exits = exits;
    }

    /** Makes a kernel; it is there as a whole or not at all. */
    void build(KernelSpec spec, LocalImage image, Isolation.Finding isolation) throws IOException {
        var name = spec.kernel().toString();
        var place = new KernelFolder(settings.kernels().resolve(name));
        var draft = new KernelFolder(settings.kernels().resolve(NEW + name));
        // left by a server that was killed while it made this kernel, or by one before it that did not go
        purge(draft, spec.kernel());
        finishRemoval(spec.kernel());
        exits.forget(spec.kernel());
        OwnFiles.createFolder(draft.path(), settings.isRoot() ? "rwx--x--x" : "rwx------");
        var isBuilt = false;
        try {
            var uid = settings.isRoot() ? userIds.claim(place) : 0;
            var note = new KernelNote(
                    spec.kernel(),
                    spec.labels(),
                    uid,
                    isolation.isPossible(),
                    spec.limits().memoryBytes());
            draft.writeNote(note);
            groups.create(spec.kernel(), spec.limits());
            launchFiles.write(spec, note, draft, place, image, isolation.traits());
            if (uid != 0) {
                own(spec.homeFolder(), uid);
            }
            Files.move(draft.path(), place.path(), StandardCopyOption.ATOMIC_MOVE);
            isBuilt = true;
        } finally {
            if (!isBuilt) {
                purge(draft, spec.kernel());
            }
        }
    }

    /** With all that is in it: the home of a kernel that is started anew has files of its former user. */
    private static void own(Path home, int uid) throws IOException {
        Files.walkFileTree(home, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                return visitFile(folder, attributes);
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.setAttribute(file, "unix:gid", uid, LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(file, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Takes away what is left of a kernel that counts as gone; fails as long as a program of it cannot be ended. */
    void finishRemoval(KernelId kernel) throws IOException {
        purge(new KernelFolder(settings.kernels().resolve(REMOVED + kernel)), kernel);
    }

    /** Removes a kernel that does not run. */
    void remove(KernelFolder folder, KernelId kernel, State state) throws IOException {
        var removed = new KernelFolder(settings.kernels().resolve(REMOVED + kernel));
        purge(removed, kernel);
        // from here on the kernel is gone for everybody; a supervisor that starts just now finds nothing to start
        Files.move(folder.path(), removed.path(), StandardCopyOption.ATOMIC_MOVE);
        if (state == State.CREATED) {
            var late = removed.supervisor().flatMap(HostProcess::handle);
            if (late.isPresent()) {
                late.get().descendants().forEach(ProcessHandle::destroyForcibly);
                late.get().destroyForcibly();
            }
        }
        purge(removed, kernel);
    }

    private void purge(KernelFolder folder, KernelId kernel) throws IOException {
        if (!Files.exists(folder.path(), LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!groups.processes(kernel).isEmpty()) {
            groups.kill(kernel);
        }
        groups.remove(kernel);
        var note = folder.note();
        exits.forget(kernel);
        OwnFiles.deleteTree(folder.path());
        // last: who gets this id next must find nothing of the old kernel
        if (note.isPresent() && note.get().uid() != 0) {
            userIds.release(note.get().uid());
        }
    }

    /** Finishes what an earlier process of the server left half done. */
    void finishRemovals() throws IOException {
        try (var entries = Files.newDirectoryStream(settings.kernels(), ".[nr]e*-*")) {
            for (var entry : entries) {
                var name = entry.getFileName().toString();
                try {
                    if (name.startsWith(REMOVED)) {
                        purge(new KernelFolder(entry), KernelId.parse(name.substring(REMOVED.length())));
                    } else if (name.startsWith(NEW) && isAbandoned(entry)) {
                        purge(new KernelFolder(entry), KernelId.parse(name.substring(NEW.length())));
                    }
                } catch (IOException | IllegalArgumentException e) {
                    LOG.warn("{} could not be removed; it is tried again at the next start", entry, e);
                }
            }
        }
    }

    /** Another version of this plug-in may be making kernels at this moment. */
    private static boolean isAbandoned(Path entry) throws IOException {
        return Files.getLastModifiedTime(entry)
                .toInstant()
                .isBefore(Instant.now().minus(ABANDONED_AFTER));
    }
}
