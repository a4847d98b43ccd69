package io.slipway.plugin.api;

import java.io.IOException;
import java.nio.file.Path;
import org.osgi.annotation.versioning.ProviderType;

/** Says whether the site takes a plug-in's file, without loading a class of it. Thread-safe. */
@ProviderType
public interface PluginVerifier {

    /**
     * Looks at a file: limits, signature, revocation and version floor. It reads the whole file, so it may take seconds.
     *
     * @param file a jar
     * @return what was found; a refusal is no exception
     * @throws IOException if the file, or the site's list of trusted or revoked certificates, cannot be read: then nothing
     *     may be installed
     */
    PluginVerdict verify(Path file) throws IOException;

    /**
     * Looks at what was read from a file, so that exactly this can be installed.
     *
     * @param name what it is, for the log
     * @param content of the jar; not changed meanwhile
     * @return what was found; a refusal is no exception
     * @throws IOException if the site's lists cannot be read: then nothing may be installed
     */
    PluginVerdict verify(String name, byte[] content) throws IOException;

    /** Returns whether the site takes unsigned plug-ins: its development mode. Whoever shows plug-ins says so. */
    boolean isUnsignedAllowed();
}
