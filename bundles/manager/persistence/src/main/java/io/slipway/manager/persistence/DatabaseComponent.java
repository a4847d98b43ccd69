package io.slipway.manager.persistence;

import io.slipway.model.setting.InstallationFolder;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the database and publishes it to the stores of this bundle when its schema is up to date. A database that is not there
 * yet is waited for, on a thread of its own.
 */
@Component(
        configurationPid = "io.slipway.manager.persistence",
        immediate = true,
        service = {})
@Designate(ocd = DatabaseComponent.Config.class)
@Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=\"io.slipway.manager.persistence.Database\"")
public final class DatabaseComponent {

    /** Operator settings. */
    @ObjectClassDefinition(name = "Slipway manager persistence")
    public @interface Config {
        @AttributeDefinition(
                description =
                        "JDBC address, jdbc:h2:... or jdbc:postgresql:...; empty for the file data/slipway in the home")
        String url() default "";

        @AttributeDefinition(description = "User who connects")
        String user() default "slipway";

        @AttributeDefinition(description = "Password of that user; may be empty for H2", type = AttributeType.PASSWORD)
        String password() default "";

        @AttributeDefinition(description = "The most connections, 2 to 200", min = "2", max = "200")
        int poolSize() default 10;

        @AttributeDefinition(
                description = "How long a transaction waits for a connection, in milliseconds, 250 to 60000",
                min = "250",
                max = "60000")
        int connectTimeoutMillis() default 10_000;
    }

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseComponent.class);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(4);
    private static final int LONGEST_PAUSE_MILLIS = 10_000;

    private final BundleContext context;
    private final DatabaseSettings settings;
    private final Thread opener;

    /** Used by the component runtime. */
    @Activate
    public DatabaseComponent(BundleContext context, Config config) {
        this.context = context;
        this.settings = check(context, config);
        this.opener = Thread.ofPlatform().daemon().name("slipway-database").unstarted(this::serve);
    }

    @Activate
    void start() {
        opener.start();
    }

    /** All stores would go and come back with a change: a wrong one is refused, a right one waits for the next start. */
    @Modified
    void settingsChanged(Config config) {
        try {
            if (!check(context, config).equals(settings)) {
                LOG.warn("Changed settings of io.slipway.manager.persistence hold from the next start on");
            }
        } catch (IllegalArgumentException e) {
            LOG.error(
                    "Changed settings of io.slipway.manager.persistence are wrong, the old ones stay: {}",
                    e.getMessage());
        }
    }

    @Deactivate
    void stop() {
        opener.interrupt();
        try {
            if (!opener.join(STOP_PATIENCE)) {
                LOG.warn("Database still closing {} after stop", STOP_PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Opens, publishes, and waits for the interrupt that ends it. */
    private void serve() {
        try (var database = awaitDatabase()) {
            if (database == null) {
                return;
            }
            var registration = context.registerService(Database.class, database, null);
            LOG.info("Database {} is ready", settings.shownUrl());
            try {
                Thread.sleep(Duration.ofNanos(Long.MAX_VALUE));
            } catch (InterruptedException e) {
                // the way in which stop() ends this thread
                LOG.debug("Closing database", e);
            } finally {
                registration.unregister();
            }
        }
    }

    @SuppressWarnings(
            "IllegalCatch") // thread boundary: pool, driver, Flyway and EclipseLink each have failures of their own
    private @Nullable Database awaitDatabase() {
        for (int tries = 1; !Thread.currentThread().isInterrupted(); tries++) {
            try {
                return Database.open(settings);
            } catch (RuntimeException e) {
                LOG.warn("Database {} cannot be opened, try {}: {}", settings.shownUrl(), tries, e.getMessage());
                LOG.debug("Database cannot be opened", e);
            }
            try {
                var ceiling = Math.min(LONGEST_PAUSE_MILLIS, 250 << Math.min(tries, 10));
                TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(ceiling / 2, ceiling));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return null;
    }

    private static DatabaseSettings check(BundleContext context, Config config) {
        return DatabaseSettings.of(config, InstallationFolder.of(context::getProperty));
    }
}
