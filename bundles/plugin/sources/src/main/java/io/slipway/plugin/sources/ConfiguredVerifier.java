package io.slipway.plugin.sources;

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

    private final SignedJarVerifier verifier;

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
        this.verifier = new SignedJarVerifier(
                Home.of(context).resolve(config.trustFolder()),
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
        for (var setting : settings) {
            var at = setting.indexOf('=');
            if (at < 1) {
                throw new IllegalArgumentException("versionFloors: '" + setting + "' is not name=version");
            }
            floors.put(setting.substring(0, at).strip(), Version.parseVersion(setting.substring(at + 1)));
        }
        return floors;
    }
}
