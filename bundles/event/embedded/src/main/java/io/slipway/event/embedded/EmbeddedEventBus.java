package io.slipway.event.embedded;

import io.slipway.event.spi.EventBus;
import io.slipway.event.spi.EventBusException;
import io.slipway.event.spi.EventReceiver;
import io.slipway.model.event.Event;
import io.slipway.plugin.api.HandedState;
import io.slipway.plugin.api.Promotable;
import io.slipway.plugin.api.PromotionException;
import io.slipway.plugin.api.SelfCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Puts events into the queue of each subscription, whose own thread tells them. It owns nothing, but two versions know nothing
 * of each other's subscriptions: while it changes hands nobody may publish, which is what {@link Promotable} brings about. A
 * version that gave up still tells what its subscriptions have.
 */
@Component(service = EventBus.class, property = "slipway.plugin.id=embedded")
public final class EmbeddedEventBus implements EventBus, Promotable, SelfCheck {

    private static final int LONGEST_NAME = 128;

    /** In the order in which they began, which groups share by. */
    private final ConcurrentMap<String, List<QueuedSubscription>> topics = new ConcurrentHashMap<>();

    private final int capacity;
    private volatile boolean isServing;

    /** Used by the component runtime. */
    @Activate
    public EmbeddedEventBus() {
        this(MOST_WAITING);
    }

    EmbeddedEventBus(int capacity) {
        this.capacity = capacity;
    }

    @Override
    public void promote(Optional<HandedState> state) throws PromotionException {
        if (state.isPresent()) {
            throw new PromotionException(
                    "state of schema " + state.get().schema() + " is not known here: there is none");
        }
        isServing = true;
    }

    @Override
    public Optional<HandedState> demote() {
        isServing = false;
        return Optional.empty();
    }

    @Override
    public List<String> stateToMove() {
        var all = topics.values().stream().flatMap(List::stream).toList();
        var waiting = all.stream().mapToInt(QueuedSubscription::waiting).sum();
        return List.of(
                all.size() + " subscriptions, which begin anew",
                waiting + " events that wait, which this version tells to the end");
    }

    /** A receiver that breaks more than an exception takes its subscription's thread with it: nobody else would notice. */
    @Override
    public List<String> selfCheck() {
        return topics.values().stream()
                .flatMap(List::stream)
                .filter(QueuedSubscription::isBroken)
                .map(subscription -> "a subscription of " + subscription.topic() + " is told nothing any more")
                .distinct()
                .toList();
    }

    @Deactivate
    void stop() {
        isServing = false;
        topics.values().forEach(subscriptions -> subscriptions.forEach(each -> each.cut("the bus stops")));
    }

    @Override
    public void publish(String topic, List<Event> events, Duration limit) throws EventBusException {
        check(topic);
        if (limit.isNegative() || limit.compareTo(LONGEST_WAIT) > 0) {
            throw new IllegalArgumentException("a limit of " + limit + ", not 0 to " + LONGEST_WAIT);
        }
        var end = System.nanoTime() + limit.toNanos();
        var subscriptions = List.copyOf(topics.getOrDefault(topic, List.of()));
        try {
            for (var subscription : subscriptions) {
                var group = subscription.group();
                var own = group == null ? events : share(subscription, group, subscriptions, events);
                if (!subscription.add(own, end)) {
                    subscription.cut(capacity + " events wait for it");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EventBusException("interrupted while publishing to " + topic, e);
        }
    }

    /** The events of those keys that fall to one member of a group. */
    private static List<Event> share(
            QueuedSubscription one, String group, List<QueuedSubscription> all, List<Event> events) {
        var members = all.stream().filter(each -> group.equals(each.group())).toList();
        var own = new ArrayList<Event>();
        for (var event : events) {
            if (members.get(Math.floorMod(event.key().hashCode(), members.size()))
                    .equals(one)) {
                own.add(event);
            }
        }
        return own;
    }

    @Override
    public Subscription subscribe(String topic, EventReceiver receiver) throws EventBusException {
        return begin(topic, null, receiver);
    }

    @Override
    public Subscription join(String topic, String group, EventReceiver receiver) throws EventBusException {
        checkName("group", group);
        return begin(topic, group, receiver);
    }

    private Subscription begin(String topic, @Nullable String group, EventReceiver receiver) throws EventBusException {
        check(topic);
        var subscription = new QueuedSubscription(topic, group, receiver, capacity, this::gone);
        topics.computeIfAbsent(topic, any -> new CopyOnWriteArrayList<>()).add(subscription);
        subscription.start();
        if (!isServing) {
            subscription.cut("the bus stops");
        }
        return subscription;
    }

    private void check(String topic) throws EventBusException {
        checkName("topic", topic);
        if (!isServing) {
            throw new EventBusException("this version of the bus does not serve");
        }
    }

    private static void checkName(String what, String name) {
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException(what + " '" + name + "' is empty or longer than " + LONGEST_NAME);
        }
    }

    /** A subscription takes no more; what it leaves goes to the others of its group. */
    private void gone(QueuedSubscription subscription, List<Event> left) {
        var subscriptions = Objects.requireNonNull(topics.get(subscription.topic()));
        subscriptions.remove(subscription);
        var group = subscription.group();
        if (group != null && !left.isEmpty()) {
            var others = List.copyOf(subscriptions);
            others.stream()
                    .filter(each -> group.equals(each.group()))
                    .forEach(each -> each.take(share(each, group, others, left)));
        }
    }
}
