package io.slipway.agent.node;

import io.slipway.model.kernel.KernelId;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The folders that kernels see as {@code /home/work}. */
final class KernelHomes {

    private static final String STAGING = ".uploads";

    private final Path folder;
    private final boolean isRoot;

    KernelHomes(Path folder, boolean isRoot) {
        this.folder = folder;
        this.isRoot = isRoot;
    }

    /** Makes the home of a new kernel, empty and closed to everyone else; the runtime gives it to the kernel's user. */
    Path create(KernelId kernel) throws IOException {
        var home = folder.resolve(kernel.toString());
        try {
            Files.createDirectory(
                    home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            throw new IOException("the home folder " + home + " of a new kernel exists already", e);
        }
        return home;
    }

    /** Returns the home of a kernel that is started anew, or makes it if it is not there. */
    Path keep(KernelId kernel) throws IOException {
        var home = find(kernel);
        return home.isPresent() ? home.get() : create(kernel);
    }

    /** Deletes the home of a kernel that has ended; nothing happens if it is not there. */
    void delete(KernelId kernel) throws IOException {
        TreeDeletion.delete(folder, kernel.toString(), isRoot);
    }

    /** Returns the kernels that have a home; whatever else is in the folder is none of our business. */
    Set<KernelId> list() throws IOException {
        var kernels = new HashSet<KernelId>();
        try (var entries = Files.newDirectoryStream(folder)) {
            for (var entry : entries) {
                KernelNotes.kernelOf(entry, "").ifPresent(kernels::add);
            }
        }
        return kernels;
    }

    Optional<Path> find(KernelId kernel) {
        var home = folder.resolve(kernel.toString());
        return Files.isDirectory(home) ? Optional.of(home) : Optional.empty();
    }

    /** Returns the folder, on the file system of the homes and closed to kernels, where uploads wait to be complete. */
    Path staging() throws IOException {
        var staging = folder.resolve(STAGING);
        if (!Files.isDirectory(staging)) {
            try {
                Files.createDirectory(
                        staging, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } catch (FileAlreadyExistsException e) {
                return staging;
            }
        }
        return staging;
    }

    /** Forgets uploads that an earlier process of the agent did not finish. */
    void clearStaging() throws IOException {
        TreeDeletion.delete(folder, STAGING, isRoot);
    }
}
