package io.slipway.manager.api;

import io.slipway.agent.api.FileContent;
import io.slipway.agent.api.FileListing;
import io.slipway.agent.api.FileUpload;
import io.slipway.model.identity.AccessKey;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The files in running sessions: those in the home folder of the main kernel. References as in {@link SessionService},
 * paths as in {@link io.slipway.agent.api.AgentFiles}. Thread-safe; calls block.
 *
 * <p>All throw {@link io.slipway.model.failure.SlipwayException}: NOT_FOUND (object {@code session}), BAD_REQUEST if the
 * session does not run, INVALID_PARAMETERS for a path that is refused or not there, KERNEL_EXECUTION_FAILED (with
 * {@code agent-details}).
 */
@ProviderType
public interface SessionFiles {

    /** Lists a folder. */
    FileListing list(AccessKey owner, String reference, String path);

    /** Opens one regular file. */
    FileContent read(AccessKey owner, String reference, String path);

    /** Opens a file or a folder with all that is below it as tar archive. */
    FileContent archive(AccessKey owner, String reference, String path);

    /** Begins to write a file of at most so many bytes. */
    Upload upload(AccessKey owner, String reference, String path, long maxBytes);

    /** A file on its way into a session, as {@link FileUpload}, but with failures for clients. */
    interface Upload extends AutoCloseable {

        /** Takes a further piece. */
        void write(byte[] bytes, int from, int length);

        /** Puts the file in its place. */
        void complete();

        /** Lets go of it; may be called again. */
        @Override
        void close();
    }
}
