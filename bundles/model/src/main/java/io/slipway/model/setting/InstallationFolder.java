package io.slipway.model.setting;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where this installation keeps its settings, keys, data and plug-ins. */
public final class InstallationFolder {

    /** Who embeds the bundles elsewhere sets the first; the second is Karaf's own, which the launcher's homes have. */
    private static final List<String> PROPERTIES = List.of("slipway.home", "karaf.base");

    private InstallationFolder() {}

    /**
     * Returns the folder of the installation.
     *
     * @param properties gives the framework's properties, such as {@code context::getProperty}
     * @return the absolute path of the folder; it need not exist
     * @throws IllegalStateException if no property names it
     */
    public static Path of(Function<String, @Nullable String> properties) {
        for (var property : PROPERTIES) {
            var home = properties.apply(property);
            if (home != null && !home.isBlank()) {
                return Path.of(home).toAbsolutePath();
            }
        }
        throw new IllegalStateException("neither slipway.home nor karaf.base says where the installation is");
    }
}
