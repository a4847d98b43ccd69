package io.slipway.plugin.sources;

import io.slipway.model.setting.InstallationFolder;
import io.slipway.model.setting.ListSetting;
import io.slipway.plugin.api.FetchedPlugins;
import io.slipway.plugin.api.OfferedPlugin;
import io.slipway.plugin.api.PluginContents;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginSources;
import io.slipway.plugin.api.PluginVerifier;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Fetches plug-ins by the site's settings. */
@Component(configurationPid = "io.slipway.plugin.sources.fetch")
@Designate(ocd = ConfiguredSources.Config.class)
public final class ConfiguredSources implements PluginSources {

    private static final long MEBIBYTE = 1L << 20;

    private final PluginVerifier verifier;
    private final PluginNames names;
    private volatile Fetching fetching;

    /** Operator settings. */
    @ObjectClassDefinition(name = "Slipway plug-in sources: fetching")
    public @interface Config {
        @AttributeDefinition(description = "Plug-in repositories: directories or http(s) URLs with an index.json")
        String[] repositories() default {};

        @AttributeDefinition(description = "Most MiB of a file that is fetched or uploaded", min = "1")
        int maxMebibytes() default 128;

        @AttributeDefinition(description = "Most MiB of the jars in an archive, unpacked", min = "1")
        int maxUnpackedMebibytes() default 512;

        @AttributeDefinition(description = "Most entries of an archive", min = "1")
        int maxEntries() default 10_000;

        @AttributeDefinition(description = "Seconds until a connection must stand", min = "1")
        int connectSeconds() default 10;

        @AttributeDefinition(description = "Seconds until a file must be here, whole", min = "1")
        int fetchSeconds() default 120;
    }

    /** Used by the component runtime. */
    @Activate
    public ConfiguredSources(BundleContext context, Config config, @Reference PluginVerifier verifier) {
        this.verifier = verifier;
        this.names = new PluginNames(InstallationFolder.of(context::getProperty).resolve("plugins"));
        this.fetching = fetching(config);
    }

    /** The next file goes by the new settings; a rebuild would end whoever fetches, and the gateway with them. */
    @Modified
    void modified(Config config) {
        fetching = fetching(config);
    }

    private Fetching fetching(Config config) {
        return new Fetching(
                verifier,
                names,
                new Download(Duration.ofSeconds(config.connectSeconds()), Duration.ofSeconds(config.fetchSeconds())),
                repositories(config.repositories()),
                new Limits(
                        config.maxMebibytes() * MEBIBYTE,
                        config.maxUnpackedMebibytes() * MEBIBYTE,
                        config.maxEntries()));
    }

    static List<String> repositories(String... settings) {
        return ListSetting.values(settings).stream()
                .map(ConfiguredSources::checked)
                .toList();
    }

    private static String checked(String location) {
        if (!Repository.isUrl(location) && !Path.of(location).isAbsolute()) {
            throw new IllegalArgumentException(
                    "repositories: '" + location + "' is neither an http(s) URL nor an absolute path");
        }
        return location;
    }

    @Override
    public FetchedPlugins fetch(String where, Optional<PluginId> id) throws IOException {
        return fetching.fetch(where, id);
    }

    @Override
    public FetchedPlugins open(Path file, Optional<PluginId> id, String origin) throws IOException {
        return fetching.open(file, id, origin);
    }

    @Override
    public List<OfferedPlugin> offers() throws IOException {
        return fetching.offers();
    }

    @Override
    public PluginContents contents(PluginId id, String version) throws IOException {
        return fetching.contents(id, version);
    }

    @Override
    public long maxBytes() {
        return fetching.maxBytes();
    }
}
