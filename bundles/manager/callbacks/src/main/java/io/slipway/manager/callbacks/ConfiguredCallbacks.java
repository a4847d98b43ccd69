package io.slipway.manager.callbacks;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.slipway.manager.api.EventNames;
import io.slipway.manager.api.SessionCallbacks;
import io.slipway.manager.api.SessionEvents;
import io.slipway.manager.api.SessionEvents.News;
import io.slipway.manager.api.SessionEvents.Subscription;
import io.slipway.manager.callbacks.Deliveries.Delivery;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.setting.InstallationFolder;
import io.slipway.model.setting.ListSetting;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
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
 * Listens to what happens to sessions and has it told. Listens only in an installation that ever had a session with an
 * address, as each listener costs the server a look at every session that moves. Thread-safe.
 */
@Component(configurationPid = "io.slipway.manager.callbacks", immediate = true)
@Designate(ocd = ConfiguredCallbacks.Config.class)
public final class ConfiguredCallbacks implements SessionCallbacks {

    /** Operator settings. */
    @ObjectClassDefinition(name = "Slipway manager callbacks")
    public @interface Config {
        @AttributeDefinition(
                description =
                        "Which web servers a session's callback_url may name: host names, *.domain, addresses, networks"
                                + " such as 10.0.0.0/8, public for every address of the internet, * for all; empty for none")
        String[] allowedHosts() default {"public"};

        @AttributeDefinition(description = "How long a web server may take to answer, in seconds", min = "1")
        int timeoutSeconds() default 10;

        @AttributeDefinition(description = "How often an event is tried to be told", min = "1", max = "10")
        int attempts() default 3;
    }

    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredCallbacks.class);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSxxx").withZone(ZoneOffset.UTC);
    private static final String PREFIX = "session_";
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration SLICE = Duration.ofSeconds(1);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(3);

    private final SessionEvents events;
    private final Targets targets;
    private final Deliveries deliveries;
    private final Path used;
    private final JsonMapper json = new JsonMapper();
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Thread thread; // guarded by the lock
    private volatile boolean isStopped;

    /** Used by the component runtime. */
    @Activate
    public ConfiguredCallbacks(BundleContext context, @Reference SessionEvents events, Config config) {
        this(
                events,
                new Targets(ListSetting.values(config.allowedHosts())),
                targets ->
                        new HttpCourier(targets, Duration.ofSeconds(config.timeoutSeconds()), config.attempts(), PAUSE),
                InstallationFolder.of(context::getProperty).resolve("callbacks/used"));
    }

    /** How a courier is made. */
    interface Couriers {
        Courier of(Targets targets);
    }

    ConfiguredCallbacks(SessionEvents events, Targets targets, Couriers couriers, Path used) {
        this.events = events;
        this.targets = targets;
        this.deliveries = new Deliveries(new LateCourier(() -> couriers.of(targets)));
        this.used = used;
    }

    @Activate
    void start() {
        if (Files.exists(used)) {
            listen();
        }
    }

    @Deactivate
    void stop() {
        isStopped = true;
        deliveries.close();
        lock.lock();
        try {
            if (thread != null && !thread.join(STOP_PATIENCE)) {
                LOG.warn("Callbacks still busy {} after stop", STOP_PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** One news of a session. */
    record Message(
            String type,
            String event,
            @JsonProperty("session_id") String sessionId,
            String when) {}

    @Override
    public void expect(String url) {
        var objection = targets.objection(url);
        if (objection.isPresent()) {
            throw SlipwayException.invalid("callback_url", objection.get());
        }
        listen();
    }

    private void listen() {
        lock.lock();
        try {
            if (thread == null) {
                // before its session is there, so that its first event is heard
                var first = subscribe(OptionalLong.empty());
                thread = Thread.ofVirtual().name("slipway-callbacks").start(() -> run(first));
                remember();
            }
        } finally {
            lock.unlock();
        }
    }

    private void remember() {
        try {
            Files.createDirectories(Objects.requireNonNull(used.getParent()));
            Files.write(used, new byte[0]);
        } catch (IOException e) {
            LOG.warn("After its next start the server calls nobody until a session asks for it: {}", e.toString());
        }
    }

    private Subscription subscribe(OptionalLong after) {
        return events.subscribe(session -> session.details().callbackUrl() != null, after);
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: it goes on where it was, whatever the store has
    private void run(Subscription first) {
        var position = hear(first);
        while (!isStopped) {
            try {
                position = hear(subscribe(OptionalLong.of(position)));
            } catch (RuntimeException e) {
                pause(e);
            }
        }
    }

    /** Tells what comes until the subscription is cut or fails, and returns where to go on. */
    @SuppressWarnings("IllegalCatch") // thread boundary: as above
    private long hear(Subscription subscription) {
        try (subscription) {
            while (!isStopped && !subscription.isCut()) {
                subscription.next(SLICE).ifPresent(this::tell);
            }
        } catch (RuntimeException e) {
            pause(e);
        }
        return subscription.position();
    }

    private static void pause(RuntimeException failure) {
        LOG.warn("What happens to sessions cannot be heard, it is tried again in {}", PAUSE, failure);
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does
        }
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: one bad event must not keep the others from being told
    private void tell(News news) {
        var session = news.session();
        if (news.event().kernel() != null || session.details().callbackUrl() == null) {
            return;
        }
        try {
            for (var name : EventNames.of(news)) {
                deliveries.offer(delivery(session, name.substring(PREFIX.length()), news));
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("session={} what happened to it is not told", session.id(), e);
        }
    }

    private Delivery delivery(SessionRecord session, String event, News news) throws IOException {
        var message = new Message(
                "session_lifecycle",
                event,
                session.id().toString(),
                TIME.format(news.event().at()));
        var target = URI.create(Objects.requireNonNull(session.details().callbackUrl()));
        return new Delivery(session.id(), event, target, json.writeValueAsString(message));
    }
}
