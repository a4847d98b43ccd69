package io.slipway.plugin.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The one way to plug-ins. Thread-safe. */
@ProviderType
public interface Plugins {

    /**
     * Returns the live set of the plug-ins of one SPI. The set is a view: it changes with the generation. Ask once and
     * keep it.
     *
     * @param spi the SPI interface, such as {@code KernelRuntime.class}
     */
    <T> PluginSet<T> set(Class<T> spi);

    /** Returns the state of every plug-in that is installed, sorted by id. */
    List<PluginStatus> statuses();
}
