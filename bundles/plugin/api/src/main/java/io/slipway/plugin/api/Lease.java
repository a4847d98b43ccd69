package io.slipway.plugin.api;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The right to use one version of a plug-in until closed; that version stays alive as long.
 *
 * @param <T> the SPI interface
 */
@ProviderType
public interface Lease<T> extends AutoCloseable {

    /**
     * Returns the provider. Use it only before {@link #close()}.
     *
     * @throws IllegalStateException if the lease is closed
     */
    T get();

    /** Returns whose version this is. */
    PluginId id();

    /** Returns the bundle version in use, such as {@code 1.2.0}. */
    String version();

    /** Ends the use. A second call does nothing. */
    @Override
    void close();
}
