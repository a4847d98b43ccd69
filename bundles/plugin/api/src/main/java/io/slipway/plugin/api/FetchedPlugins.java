package io.slipway.plugin.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Plug-ins in private files, as far as the one who fetched them needs them. */
@ProviderType
public interface FetchedPlugins extends AutoCloseable {

    /** Returns each plug-in once. */
    List<Fetched> plugins();

    /** Deletes the files. */
    @Override
    void close();

    /**
     * One of them.
     *
     * @param artifact its jar
     * @param verdict what a look at it has found
     */
    record Fetched(PluginArtifact artifact, PluginVerdict verdict) {}
}
