package io.slipway.agent.api;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A file on its way into a kernel; programs there see it only when it is complete. For one thread at a time; must be
 * closed, which forgets it unless it was completed.
 */
@ProviderType
public interface FileUpload extends AutoCloseable {

    /**
     * Takes a further piece.
     *
     * @throws AgentException INVALID_INPUT if the file is larger than announced; FAILED, such as a full disk
     */
    void write(ByteBuffer piece) throws AgentException;

    /**
     * Puts the file in its place; one of the same name is replaced.
     *
     * @throws AgentException INVALID_INPUT if it cannot be there, such as a folder of the same name; FAILED
     */
    void complete() throws AgentException;

    /** Lets go of it; may be called again. */
    @Override
    void close();
}
