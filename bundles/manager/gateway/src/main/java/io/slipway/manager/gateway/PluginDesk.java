package io.slipway.manager.gateway;

import io.slipway.manager.api.TaskRunner;
import io.slipway.plugin.api.PluginAdministration;
import io.slipway.plugin.api.PluginSources;
import io.slipway.plugin.api.PluginVerifier;
import io.slipway.plugin.api.Plugins;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** All that routes and tasks about plug-ins work with; it does the tasks, too. */
@Component(service = {PluginDesk.class, TaskRunner.class})
public final class PluginDesk implements TaskRunner {

    private final Plugins plugins;
    private final PluginAdministration administration;
    private final PluginSources sources;
    private final PluginVerifier verifier;
    private final PluginUploads uploads;
    private final PluginTask task;

    /** Used by the component runtime. */
    @Activate
    public PluginDesk(
            BundleContext context,
            @Reference Plugins plugins,
            @Reference PluginAdministration administration,
            @Reference PluginSources sources,
            @Reference PluginVerifier verifier) {
        this(
                plugins,
                administration,
                sources,
                verifier,
                context.getDataFile("plugin-uploads").toPath());
    }

    PluginDesk(
            Plugins plugins,
            PluginAdministration administration,
            PluginSources sources,
            PluginVerifier verifier,
            Path folder) {
        this.plugins = plugins;
        this.administration = administration;
        this.sources = sources;
        this.verifier = verifier;
        this.uploads = new PluginUploads(folder, InstantSource.system());
        this.task = new PluginTask(sources, administration, uploads);
    }

    Plugins plugins() {
        return plugins;
    }

    PluginAdministration administration() {
        return administration;
    }

    PluginSources sources() {
        return sources;
    }

    PluginUploads uploads() {
        return uploads;
    }

    boolean isDevelopment() {
        return verifier.isUnsignedAllowed();
    }

    @Override
    public String kind() {
        return task.kind();
    }

    @Override
    public String run(Map<String, String> arguments, Progress progress) {
        return task.run(arguments, progress);
    }
}
