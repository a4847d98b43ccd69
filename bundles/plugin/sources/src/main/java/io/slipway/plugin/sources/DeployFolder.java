package io.slipway.plugin.sources;

import io.slipway.model.setting.InstallationFolder;
import io.slipway.plugin.api.PluginAdministration;
import io.slipway.plugin.api.PluginSources;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Looks into the folder for plug-ins that somebody drops there. */
@Component(
        configurationPid = "io.slipway.plugin.sources.deploy",
        service = {},
        immediate = true)
@Designate(ocd = DeployFolder.Config.class)
public final class DeployFolder {

    private final Dropped dropped;
    private final Duration pause;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private @Nullable Thread thread; // set and read by the component runtime alone

    /** Operator settings. */
    @ObjectClassDefinition(name = "Slipway plug-in sources: dropped files")
    public @interface Config {
        @AttributeDefinition(description = "Folder whose .jar and .kar files are installed; in DIR unless absolute")
        String folder() default "deploy";

        @AttributeDefinition(
                description = "Milliseconds between two looks; a file that is the same in both is taken",
                min = "50")
        int lookMillis() default 1_000;
    }

    /** Used by the component runtime. */
    @Activate
    public DeployFolder(
            BundleContext context,
            Config config,
            @Reference PluginSources sources,
            @Reference PluginAdministration plugins) {
        var home = InstallationFolder.of(context::getProperty);
        Path folder = home.resolve(config.folder());
        this.dropped = new Dropped(folder, home.resolve("plugins"), sources, plugins);
        this.pause = Duration.ofMillis(Math.max(50, config.lookMillis()));
    }

    @Activate
    void start() {
        thread = Thread.ofVirtual().name("slipway-plugin-deploy").start(this::lookOn);
    }

    /** A swap that runs goes on without this. */
    @Deactivate
    void stop() throws InterruptedException {
        stopped.countDown();
        var running = thread;
        if (running != null) {
            running.interrupt();
            running.join(Duration.ofSeconds(3));
        }
    }

    private void lookOn() {
        try {
            while (!stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                dropped.look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the stop
        }
    }
}
