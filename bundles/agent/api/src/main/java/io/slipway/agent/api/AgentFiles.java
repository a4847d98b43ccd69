package io.slipway.agent.api;

import io.slipway.model.kernel.KernelId;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The files in the home folders of an agent's kernels.
 *
 * <p>A path is relative to {@code /home/work}, or absolute and below it; empty or {@code .} is the home itself. Nothing
 * outside of the home is reached, whatever programs in the kernel do meanwhile: {@code ..} is refused, and links are never
 * followed. Calls block. Thread-safe. All throw UNKNOWN_KERNEL; INVALID_INPUT for a path that is refused or not there;
 * FAILED; TIMEOUT; UNREACHABLE.
 */
@ProviderType
public interface AgentFiles {

    /** Lists a folder. */
    FileListing list(KernelId kernel, String path) throws AgentException;

    /** Opens one regular file. */
    FileContent read(KernelId kernel, String path) throws AgentException;

    /**
     * Opens a file, or a folder with all that is below it, as uncompressed tar archive whose entries begin with the last
     * name of the path. Links, devices, sockets and pipes are left out.
     *
     * @throws AgentException also INVALID_INPUT if there is more than the agent puts into one archive
     */
    FileContent archive(KernelId kernel, String path) throws AgentException;

    /**
     * Begins to write a file; lacking folders are made. Files belong to the user that the kernel runs as.
     *
     * @param maxBytes the file may have at most so many bytes
     */
    FileUpload upload(KernelId kernel, String path, long maxBytes) throws AgentException;
}
