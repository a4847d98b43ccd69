package io.slipway.plugin.sources;

import io.slipway.model.setting.InstallationFolder;
import io.slipway.model.setting.ListSetting;
import io.slipway.plugin.api.PluginVerdict;
import io.slipway.plugin.api.PluginVerifier;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at plug-ins by the site's settings. */
@Component(configurationPid = "io.slipway.plugin.sources")
@Designate(ocd = ConfiguredVerifier.Config.class)
public final class ConfiguredVerifier implements PluginVerifier {

    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredVerifier.class);
    private static final long MEBIBYTE = 1L << 20;

    private final Path home;
    private volatile SignedJarVerifier verifier;

    /** Operator settings. */
    @ObjectClassDefinition(name = "Slipway plug-in sources")
    public @interface Config {
        @AttributeDefinition(
                description = "Folder with the certificates of trusted signers (*.pem), lists of files that need no"
                        + " signature (*.sha256, as sha256sum writes them) and revoked.txt, whose lines are"
                        + " sha256:HEX of a file or certificate or serial:HEX; in DIR unless absolute")
        String trustFolder() default "etc/plugin-trust";

        @AttributeDefinition(
                description = "Development mode: accept unsigned plug-ins. What was changed after it was signed,"
                        + " is revoked or signed by a stranger is refused all the same")
        boolean allowUnsigned() default false;

        @AttributeDefinition(description = "Lowest version of a bundle, each as symbolic name=version")
        String[] versionFloors() default {};

        @AttributeDefinition(description = "Most MiB of a plug-in's file", min = "1")
        int maxMebibytes() default 128;

        @AttributeDefinition(description = "Most MiB of a plug-in's entries, unpacked", min = "1")
        int maxUnpackedMebibytes() default 512;

        @AttributeDefinition(description = "Most entries of a plug-in's file", min = "1")
        int maxEntries() default 50_000;
    }

    /** Used by the component runtime. */
    @Activate
    public ConfiguredVerifier(BundleContext context, Config config) {
        this.home = InstallationFolder.of(context::getProperty);
        this.verifier = verifier(home, config);
    }

    /**
     * The next look goes by the new settings. A rebuild would take the service away from the lifecycle for a moment, and
     * with it all plug-ins; settings that make no sense leave the old ones in force.
     */
    @Modified
    void modified(Config config) {
        verifier = verifier(home, config);
        LOG.info("Plug-ins are looked at by changed settings from now on");
    }

    private static SignedJarVerifier verifier(Path home, Config config) {
        var made = new SignedJarVerifier(
                home.resolve(config.trustFolder()),
                new Limits(
                        config.maxMebibytes() * MEBIBYTE,
                        config.maxUnpackedMebibytes() * MEBIBYTE,
                        config.maxEntries()),
                floors(config.versionFloors()),
                config.allowUnsigned(),
                InstantSource.system());
        if (config.allowUnsigned()) {
            LOG.warn("Development mode: unsigned plug-ins are accepted (allowUnsigned of io.slipway.plugin.sources)");
        }
        return made;
    }

    @Override
    public PluginVerdict verify(Path file) throws IOException {
        return verifier.verify(file);
    }

    @Override
    public PluginVerdict verify(String name, byte[] content) throws IOException {
        return verifier.verify(name, content);
    }

    @Override
    public boolean isUnsignedAllowed() {
        return verifier.isUnsignedAllowed();
    }

    static Map<String, Version> floors(String... settings) {
        var floors = new HashMap<String, Version>();
        ListSetting.values(settings).forEach(text -> floors.put(text.split("=", 2)[0].strip(), floor(text)));
        return floors;
    }

    private static Version floor(String text) {
        try {
            var parts = text.split("=", 2);
            if (parts.length == 2 && !parts[0].isBlank()) {
                return Version.parseVersion(parts[1]);
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("versionFloors: '" + text + "' has no version: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("versionFloors: '" + text + "' is not name=version");
    }
}
