package io.slipway.plugin.api;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Brings plug-ins from where they are. Thread-safe. Failures are {@link IOException}s whose message is for the operator.
 */
@ProviderType
public interface PluginSources {

    /**
     * Fetches a file and looks at it; nothing is installed.
     *
     * @param where an http or https URL, the path of a {@code .jar} or {@code .kar}, or a name from the site's
     *     repositories, {@code NAME} for the highest version or {@code NAME@VERSION}
     * @param id of which plug-in the jar is; empty if it is to be found out. A {@code .kar} finds out for each jar
     * @return what was found; its files live until it is closed
     * @throws IOException if there is no such file, it is too large, comes too slowly or is of no plug-in
     */
    FetchedPlugins fetch(String where, Optional<PluginId> id) throws IOException;

    /**
     * The same for a file of this machine alone, such as an upload.
     *
     * @param origin where it came from, in words for the history
     */
    FetchedPlugins open(Path file, Optional<PluginId> id, String origin) throws IOException;

    /**
     * Returns what the site's repositories have, by name and version.
     *
     * @throws IOException if one of them cannot be read
     */
    List<OfferedPlugin> offers() throws IOException;

    /**
     * Returns what is inside a version that a repository offers.
     *
     * @throws IOException if no repository has it or a list for it, if the list is not the one that the index says, or if
     *     the file that is installed as this version is another than the one that is offered
     */
    PluginContents contents(PluginId id, String version) throws IOException;

    /** Returns how large a file may be, in bytes. */
    long maxBytes();
}
