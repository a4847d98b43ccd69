package io.slipway.manager.outbox;

import io.slipway.event.api.Events;
import io.slipway.manager.api.Outbox;
import io.slipway.manager.api.SessionEventListener;
import io.slipway.manager.store.OutboxStore;
import io.slipway.manager.store.SessionEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes stored events on one thread. A store that a single manager writes to gives them by itself; any other is asked when
 * somebody stored something, and every now and then for what got lost.
 */
@Component(configurationPid = "io.slipway.manager.outbox", immediate = true)
@Designate(ocd = OutboxRelay.Config.class)
public final class OutboxRelay implements Outbox {

    /** Operator settings. */
    @ObjectClassDefinition(name = "Slipway outbox")
    public @interface Config {
        @AttributeDefinition(
                description = "Pause between two looks for unpublished events, in milliseconds",
                min = "50")
        long sweepEveryMillis() default 1_000;

        @AttributeDefinition(description = "Events per batch, 1 to 1000", min = "1", max = "1000")
        int batchSize() default 500;

        @AttributeDefinition(
                description = "Time after which another manager takes over the batch of a dead one, in milliseconds",
                min = "1000")
        long claimMillis() default 15_000;

        @AttributeDefinition(description = "How long published events are kept, in minutes", min = "1")
        long retentionMinutes() default 60;
    }

    private static final Logger LOG = LoggerFactory.getLogger(OutboxRelay.class);
    private static final Duration PURGE_EVERY = Duration.ofMinutes(1);
    /** Marking many together costs less; a crash publishes them again. */
    private static final Duration MARK_AFTER = Duration.ofSeconds(1);
    /** A store that gives events by itself is asked all the same, for what a failed commit kept back. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(10);
    /** The only publisher has one name for all its lives, so that what it had claimed before a crash is its own. */
    private static final String ALONE = "alone";

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(4);

    private final Events events;
    private final ListenerReferences listeners;
    private final SessionEventDelivery delivery;
    private final FreshEvents fresh = new FreshEvents();
    private final Optional<Runnable> subscription;
    private final Relay relay;
    private final Duration sweepEvery;
    private final InstantSource clock;
    private final Thread thread;
    private volatile Events.Subscription place = () -> {};
    private volatile boolean isStopped;
    // the thread
    private Instant nextLook = Instant.MIN;

    /** Used by the component runtime. */
    @Activate
    public OutboxRelay(@Reference OutboxStore store, @Reference Events events, BundleContext context, Config config) {
        this(
                store,
                events,
                new ListenerReferences(context),
                InstantSource.system(),
                RandomGenerator.getDefault(),
                Duration.ofMillis(config.sweepEveryMillis()),
                limits(config));
    }

    OutboxRelay(
            OutboxStore store,
            Events events,
            ListenerReferences listeners,
            InstantSource clock,
            RandomGenerator random,
            Duration sweepEvery,
            Relay.Limits limits) {
        this.events = events;
        this.listeners = listeners;
        this.delivery = new SessionEventDelivery(store, listeners::present);
        this.sweepEvery = sweepEvery;
        this.clock = clock;
        this.subscription = store.onStored(fresh::add);
        var publisher = subscription.isPresent() ? ALONE : HexFormat.of().toHexDigits(random.nextLong());
        this.relay = new Relay(store, this::publish, clock, publisher, limits);
        this.thread = Thread.ofPlatform().daemon().name("slipway-outbox").unstarted(this::run);
    }

    private static Relay.Limits limits(Config config) {
        return new Relay.Limits(
                config.batchSize(),
                Duration.ofMillis(config.claimMillis()),
                Duration.ofMinutes(config.retentionMinutes()),
                PURGE_EVERY,
                MARK_AFTER);
    }

    @Activate
    void start() {
        place = events.subscribe(SessionEventForm.TOPIC, delivery); // first: nothing is published to nobody
        thread.start();
    }

    @Deactivate
    void stop() {
        isStopped = true;
        subscription.ifPresent(Runnable::run);
        // no interrupt: it could hit the thread within a file operation of an embedded database and close that
        fresh.wake();
        try {
            if (!thread.join(STOP_PATIENCE)) {
                LOG.warn("Outbox still busy {} after stop", STOP_PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            place.close();
        }
    }

    // By reference, not by service: a listener may need the outbox itself, and is fetched when there is something to
    // tell.
    @Reference(
            service = SessionEventListener.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addListener(ServiceReference<SessionEventListener> listener) {
        listeners.add(listener);
    }

    void removeListener(ServiceReference<SessionEventListener> listener) {
        listeners.remove(listener);
    }

    @Override
    public void wake() {
        if (subscription.isEmpty()) {
            fresh.lookIntoStore();
        }
    }

    private void run() {
        while (!isStopped) {
            try {
                var news = fresh.take(sweepEvery);
                survive(() -> publish(news));
            } catch (InterruptedException e) {
                LOG.warn("Outbox thread was interrupted; publishing ends");
                return;
            }
        }
        survive(relay::settle);
    }

    private void publish(FreshEvents.News news) {
        if (news.isIncomplete() || !clock.instant().isBefore(nextLook)) {
            nextLook = Instant.MIN;
            while (relay.publishBatch() && !isStopped) {
                LOG.trace("Batch published");
            }
            relay.settle();
            nextLook = clock.instant().plus(subscription.isPresent() ? LOOK_EVERY : Duration.ZERO);
        }
        relay.publish(news.events());
        relay.settleIfDue();
        relay.purgeIfDue();
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: an escaped exception would end all publishing
    private void survive(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            nextLook = Instant.MIN; // what was not published is in the store
            LOG.warn("Publishing events failed, next try within {}", sweepEvery, e);
        }
    }

    private void publish(List<SessionEvent> batch) {
        events.publish(
                SessionEventForm.TOPIC,
                batch.stream().map(SessionEventForm::toBus).toList());
    }
}
