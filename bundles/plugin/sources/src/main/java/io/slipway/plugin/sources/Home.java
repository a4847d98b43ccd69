package io.slipway.plugin.sources;

import java.nio.file.Path;
import java.util.Objects;
import org.osgi.framework.BundleContext;

/** Where this installation lives. */
final class Home {

    private Home() {}

    static Path of(BundleContext context) {
        var home = context.getProperty("slipway.home");
        return Path.of(Objects.requireNonNullElse(home == null ? context.getProperty("karaf.base") : home, "."))
                .toAbsolutePath();
    }
}
