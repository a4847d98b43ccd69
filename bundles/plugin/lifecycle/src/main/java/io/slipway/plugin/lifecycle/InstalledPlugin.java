package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginId;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;

/**
 * What became of a selected plug-in.
 *
 * @param id which
 * @param version the selected version
 * @param bundle its bundle; null if it could not be installed
 * @param failure in words why it does not run; empty if it was started
 */
record InstalledPlugin(
        PluginId id, Version version, @Nullable Bundle bundle, String failure) {

    static InstalledPlugin of(PluginJar jar, Bundle bundle) {
        return new InstalledPlugin(jar.id(), jar.version(), bundle, "");
    }

    InstalledPlugin failed(String why) {
        return new InstalledPlugin(id, version, bundle, why);
    }
}
