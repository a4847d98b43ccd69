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
}
