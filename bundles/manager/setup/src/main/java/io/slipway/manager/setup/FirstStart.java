package io.slipway.manager.setup;

import io.slipway.manager.api.CredentialCache;
import io.slipway.manager.api.Secrets;
import io.slipway.manager.store.IdentityStore;
import io.slipway.model.setting.InstallationFolder;
import io.slipway.model.setting.ListSetting;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the first data when there are none and keeps {@code DIR/client.env} right: at every start and whenever the
 * gateway's address changes. Does it all on one thread of its own, so that the start of the server does not wait.
 */
@Component(configurationPid = "io.slipway.manager.setup", immediate = true, service = ConfigurationListener.class)
@Designate(ocd = FirstStart.Config.class)
public final class FirstStart implements ConfigurationListener {

    /** Operator settings; they matter before the first start. */
    @ObjectClassDefinition(name = "Slipway first start")
    public @interface Config {
        @AttributeDefinition(description = "E-mail address of the first superadmin")
        String superadminEmail() default "admin@localhost";

        @AttributeDefinition(description = "E-mail address of the first user")
        String userEmail() default "user@localhost";

        @AttributeDefinition(description = "Image registries that the first domain may use; * stands for all")
        String[] allowedRegistries() default {"*"};

        @AttributeDefinition(description = "Live sessions that each of the first keypairs may have; 0 for no limit")
        int maxConcurrentSessions() default 0;

        @AttributeDefinition(description = "Requests per 15 minutes of each of the first keypairs; 0 for no limit")
        int rateLimit() default 0;

        @AttributeDefinition(description = "Image named in client.env as the one to try first")
        String demoImage() default "local/python:3";
    }

    private static final Logger LOG = LoggerFactory.getLogger(FirstStart.class);
    private static final String GATEWAY_PID = "io.slipway.manager.gateway";
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(4);
    private static final Duration RETRY = Duration.ofSeconds(2);
    private static final int MOST_TRIES = 30;

    private final InitialData data;
    private final ClientFile file;
    private final ConfigurationAdmin configurations;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("slipway-first-start").factory());

    /** Used by the component runtime. */
    @Activate
    public FirstStart(
            BundleContext context,
            @Reference IdentityStore store,
            @Reference Secrets secrets,
            @Reference CredentialCache credentials,
            @Reference ConfigurationAdmin configurations,
            Config config) {
        this.configurations = configurations;
        this.data = new InitialData(
                store,
                secrets,
                credentials,
                new SecureRandom(),
                InstantSource.system(),
                new InitialData.Wishes(
                        config.superadminEmail(),
                        config.userEmail(),
                        ListSetting.values(config.allowedRegistries()),
                        config.maxConcurrentSessions(),
                        config.rateLimit()));
        this.file = new ClientFile(
                InstallationFolder.of(context::getProperty).resolve("client.env"), store, secrets, config.demoImage());
    }

    @Activate
    void start() {
        schedule(Duration.ZERO, 1);
    }

    /** Interrupts nobody: whoever writes to an embedded database must not be interrupted. */
    @Deactivate
    void stop() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("The first start is still busy {} after stop", STOP_PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void configurationEvent(ConfigurationEvent event) {
        if (GATEWAY_PID.equals(event.getPid())) {
            schedule(Duration.ZERO, 1);
        }
    }

    private void schedule(Duration delay, int attempt) {
        try {
            var run = thread.schedule(() -> runAndSurvive(attempt), delay.toMillis(), TimeUnit.MILLISECONDS);
            LOG.trace("First start scheduled: {}", !run.isDone());
        } catch (RejectedExecutionException e) {
            LOG.debug("The server stops", e);
        }
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: the failure is told and tried again
    private void runAndSurvive(int attempt) {
        try {
            if (data.store()) {
                LOG.info("First data stored");
            }
            if (file.write(endpoint())) {
                LOG.info("Wrote {}", file.path());
            }
        } catch (IOException | InvalidSyntaxException | RuntimeException e) {
            if (attempt < MOST_TRIES) {
                LOG.warn("First data and {} are not ready, next try in {}: {}", file.path(), RETRY, e.toString());
                schedule(RETRY, attempt + 1);
            } else {
                LOG.error("First data or {} could not be written; cure the reason and start again", file.path(), e);
            }
        }
    }

    private Endpoint endpoint() throws IOException, InvalidSyntaxException {
        var found = configurations.listConfigurations("(service.pid=" + GATEWAY_PID + ")");
        if (found == null || found.length == 0) {
            return Endpoint.DEFAULT;
        }
        var properties = found[0].getProperties();
        return properties == null ? Endpoint.DEFAULT : Endpoint.of(properties.get("host"), properties.get("port"));
    }
}
