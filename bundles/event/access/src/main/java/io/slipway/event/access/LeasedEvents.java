package io.slipway.event.access;

import io.slipway.event.access.FollowingSubscription.Place;
import io.slipway.event.api.EventListener;
import io.slipway.event.api.Events;
import io.slipway.event.spi.EventBus;
import io.slipway.event.spi.EventBusException;
import io.slipway.model.event.Event;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginSet;
import io.slipway.plugin.api.Plugins;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leases the bus for each publishing; a subscription holds its lease until another version of the bus takes over. */
@Component(configurationPid = "io.slipway.event.access")
@Designate(ocd = LeasedEvents.Config.class)
public final class LeasedEvents implements Events {

    /** Operator settings. */
    @ObjectClassDefinition(name = "Slipway events")
    public @interface Config {
        /** Which bus. */
        @AttributeDefinition(description = "Id of the plug-in that carries events")
        String bus() default "embedded";
    }

    private static final Logger LOG = LoggerFactory.getLogger(LeasedEvents.class);
    private static final Duration PUBLISH_LIMIT = Duration.ofSeconds(2);
    private static final Duration WAIT_FOR_ROOM = Duration.ofMillis(500);
    private static final int LONGEST_NAME = 128;
    private static final long SHORTEST_PAUSE_MILLIS = 2;
    private static final long LONGEST_PAUSE_MILLIS = 100;
    private static final long MEND_EVERY_MILLIS = 1_000;

    private final PluginSet<EventBus> buses;
    private final PluginId bus;
    private final RandomGenerator random;
    private final Duration publishLimit;
    /** In the order in which they began: members of a group share by it. */
    private final List<FollowingSubscription> subscriptions = new CopyOnWriteArrayList<>();

    private volatile PluginSet.Subscription moves = () -> {};
    private final ScheduledThreadPoolExecutor mender = new ScheduledThreadPoolExecutor(
            1,
            Thread.ofPlatform().daemon().name("slipway-event-follow").factory(),
            new ThreadPoolExecutor.DiscardPolicy());

    /** Used by the component runtime. */
    @Activate
    public LeasedEvents(@Reference Plugins plugins, Config config) {
        this(plugins, config.bus(), RandomGenerator.getDefault(), PUBLISH_LIMIT);
    }

    LeasedEvents(Plugins plugins, String bus, RandomGenerator random, Duration publishLimit) {
        this.buses = plugins.set(EventBus.class);
        this.bus = new PluginId(bus);
        this.random = random;
        this.publishLimit = publishLimit;
    }

    @Activate
    @SuppressWarnings("FutureReturnValueIgnored") // it ends with its thread
    void start() {
        moves = buses.onChange(this::follow);
        mender.scheduleWithFixedDelay(this::mend, MEND_EVERY_MILLIS, MEND_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Deactivate
    void stop() {
        mender.shutdown(); // not interrupted: a listener may be in a store
        moves.close();
        subscriptions.forEach(FollowingSubscription::close);
    }

    @Override
    @SuppressWarnings("IllegalCatch") // code of the plug-in: whatever it throws, another version may do better
    public void publish(String topic, List<Event> events) {
        check("topic", topic);
        if (events.isEmpty()) {
            return;
        }
        var end = System.nanoTime() + publishLimit.toNanos();
        for (var pause = SHORTEST_PAUSE_MILLIS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
            try (var lease = buses.lease(bus)) {
                lease.get().publish(topic, events, WAIT_FOR_ROOM);
                return;
            } catch (EventBusException | RuntimeException e) {
                LOG.debug("Publishing {} events of {} failed", events.size(), topic, e);
                if (System.nanoTime() > end || !pauses(pause)) {
                    throw new SlipwayException(FailureCode.UNAVAILABLE, "event bus: " + e.getMessage(), Map.of(), e);
                }
            }
        }
    }

    /** Waits a little; returns whether it may go on. */
    private boolean pauses(long millis) {
        try {
            Thread.sleep(millis + random.nextLong(millis));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public Subscription subscribe(String topic, EventListener listener) {
        return begin(new Place(topic, null), listener);
    }

    @Override
    public Subscription join(String topic, String group, EventListener listener) {
        check("group", group);
        return begin(new Place(topic, group), listener);
    }

    private static void check(String what, String name) {
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException(what + " '" + name + "' is empty or longer than " + LONGEST_NAME);
        }
    }

    private Subscription begin(Place place, EventListener listener) {
        check("topic", place.topic());
        var subscription = new FollowingSubscription(buses, bus, place, listener, () -> mender.execute(this::mend));
        subscriptions.add(subscription); // first: a swap from now on moves it
        subscription.follow();
        return () -> {
            subscriptions.remove(subscription);
            subscription.close();
        };
    }

    /** Lets every subscription follow the active bus; called when another one has taken over, before anybody publishes. */
    void follow() {
        each(FollowingSubscription::follow);
    }

    /** Begins anew what was cut, and tells listeners what they may have missed; called every second. */
    void mend() {
        each(FollowingSubscription::mend);
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: an escaped exception would silently end all later rounds
    private void each(Consumer<FollowingSubscription> action) {
        for (var subscription : subscriptions) {
            try {
                action.accept(subscription);
            } catch (RuntimeException e) {
                LOG.error("A subscription cannot follow the bus, next try in {} ms", MEND_EVERY_MILLIS, e);
            }
        }
    }
}
