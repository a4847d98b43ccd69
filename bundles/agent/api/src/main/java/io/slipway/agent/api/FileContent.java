package io.slipway.agent.api;

import java.io.IOException;
import java.io.OutputStream;
import org.osgi.annotation.versioning.ProviderType;

/** Bytes of a kernel that are ready to be read once. For one thread at a time; must be closed. */
@ProviderType
public interface FileContent extends AutoCloseable {

    /** Returns a name for it, such as that of the file, without folders. */
    String name();

    /** Returns how many bytes {@link #writeTo} writes, exactly. */
    long length();

    /**
     * Writes everything, piece by piece; what a program changes meanwhile may or may not be in it, but the length stays:
     * what is lacking in the end is filled up with zeros.
     *
     * @throws IOException if the stream does not take it or the agent is gone
     */
    void writeTo(OutputStream out) throws IOException;

    /** Lets go of it; may be called again. */
    @Override
    void close();
}
