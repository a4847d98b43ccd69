package io.slipway.plugin.sources;

import io.slipway.plugin.api.PluginVerdict.Finding;
import java.io.IOException;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * What a manifest says of its bundle.
 *
 * @param name symbolic name
 * @param version bundle version, well formed
 */
record BundleName(String name, String version) {

    static BundleName of(JarFile jar) throws IOException, Refused {
        return of(jar.getManifest());
    }

    static BundleName of(@Nullable Manifest manifest) throws Refused {
        var name = manifest == null ? null : manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME);
        if (manifest == null || name == null) {
            throw new Refused(Finding.NO_BUNDLE, "it is no bundle: its manifest has no Bundle-SymbolicName");
        }
        try {
            var version = Version.parseVersion(manifest.getMainAttributes().getValue(Constants.BUNDLE_VERSION));
            return new BundleName(name.replaceFirst(";.*", "").strip(), version.toString());
        } catch (IllegalArgumentException e) {
            throw new Refused(Finding.NO_BUNDLE, "its Bundle-Version is none: " + e.getMessage());
        }
    }
}
