package io.slipway.event.access;

import io.slipway.event.api.EventListener;
import io.slipway.event.api.Events;
import io.slipway.event.spi.EventBus;
import io.slipway.event.spi.EventBusException;
import io.slipway.event.spi.EventReceiver;
import io.slipway.model.event.Event;
import io.slipway.plugin.api.Lease;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginSet;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscription that moves when another version of the bus takes over: it begins on the new one, lets the old one tell what
 * it has to the end, and only then tells what the new one brings. Used by any thread.
 */
final class FollowingSubscription implements Events.Subscription {

    private static final Logger LOG = LoggerFactory.getLogger(FollowingSubscription.class);
    /** Who holds the lock may wait at the gate that the thread of the swap holds, and that one must not wait for long. */
    private static final Duration MOVE_LIMIT = Duration.ofMillis(200);

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(4);
    /** More than an old version gets to tell what it has. */
    private static final Duration OLD_LIMIT = Duration.ofMinutes(2);

    private final PluginSet<EventBus> buses;
    private final PluginId bus;
    private final Place place;
    private final EventListener listener;
    private final Runnable needsMending;
    private final AtomicReference<@Nullable Attachment> attachment = new AtomicReference<>();
    private final AtomicReference<@Nullable Gap> gap = new AtomicReference<>();
    private final ReentrantLock moving = new ReentrantLock();
    /** Orders what the listener hears. */
    private final ReentrantLock telling = new ReentrantLock();

    private final RecentIds heard = new RecentIds(); // guarded by telling
    private volatile boolean isClosed;

    /**
     * Where to listen.
     *
     * @param group null to hear everything
     */
    record Place(String topic, @Nullable String group) {

        EventBus.Subscription begin(EventBus bus, EventReceiver receiver) throws EventBusException {
            return group == null ? bus.subscribe(topic, receiver) : bus.join(topic, group, receiver);
        }
    }

    /** Why events may be missing; what comes after them waits until the listener has been told so. */
    private record Gap(String why, CountDownLatch isTold) {}

    /**
     * Creates one that hears nothing yet.
     *
     * @param needsMending called when {@link #mend} is to be called soon; must be quick
     */
    FollowingSubscription(
            PluginSet<EventBus> buses, PluginId bus, Place place, EventListener listener, Runnable needsMending) {
        this.buses = buses;
        this.bus = bus;
        this.place = place;
        this.listener = listener;
        this.needsMending = needsMending;
    }

    /** Its place on one version of the bus. */
    private final class Attachment implements EventReceiver {

        private final Lease<EventBus> lease;
        private final EventBus provider;
        private final CountDownLatch mayTell; // the latch alone: it must not keep the version before alive
        private final CountDownLatch isOver = new CountDownLatch(1);
        private volatile EventBus.@Nullable Subscription subscription;

        Attachment(Lease<EventBus> lease, CountDownLatch mayTell) {
            this.lease = lease;
            this.provider = lease.get();
            this.mayTell = mayTell;
        }

        void begin() throws EventBusException {
            subscription = place.begin(provider, this);
        }

        @Override
        public void received(Event event) {
            try {
                if (!mayTell.await(OLD_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                    LOG.warn("The bus before has not told all of {} within {}", place.topic(), OLD_LIMIT);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            tell(event);
        }

        @Override
        public void cut(String reason) {
            if (attachment.compareAndSet(this, null)) {
                note(reason);
                needsMending.run();
            } else {
                tellMissed(reason); // another one goes on as soon as this one is over
            }
            end();
        }

        /** Tells what was published before, and ends. */
        void finish() {
            var begun = subscription;
            if (begun == null) {
                end();
            } else {
                begun.finish(this::end);
            }
        }

        void close() {
            mayTell.countDown(); // nothing is told any more
            var begun = subscription;
            if (begun != null) {
                begun.close();
            }
            end();
        }

        boolean isOver() {
            return isOver.getCount() == 0;
        }

        private void end() {
            lease.close();
            isOver.countDown();
        }
    }

    /** Moves if another version of the bus is the active one now; returns soon. */
    void follow() {
        try {
            if (moving.tryLock(MOVE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    while (!isClosed && moves()) {
                        LOG.debug("A subscription of {} has moved", place);
                    }
                } finally {
                    moving.unlock();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Moves if it has to, and tells if events may be missing; may take as long as the listener. */
    void mend() {
        follow();
        var untold = attachment.get() == null ? null : gap.getAndSet(null);
        if (untold != null) {
            try {
                tellMissed(untold.why());
            } finally {
                untold.isTold().countDown();
            }
        }
    }

    private void note(String why) {
        gap.compareAndSet(null, new Gap(why, new CountDownLatch(1)));
    }

    /** One step; returns whether to look again: while it waited for its place yet another version may have taken over. */
    @SuppressWarnings("ReferenceEquality") // another version is another object, whatever is in it
    private boolean moves() {
        var lease = buses.find(bus).orElse(null);
        var before = attachment.get();
        if (lease == null) {
            leave(before, "there is no event bus '" + bus + "'");
            return false;
        }
        if (before != null && before.provider == lease.get()) {
            lease.close();
            return false;
        }
        return move(before, lease);
    }

    @SuppressWarnings(
            "IllegalCatch") // code of the plug-in: whatever it throws, the old place is left and the lease closed
    private boolean move(@Nullable Attachment before, Lease<EventBus> lease) {
        var next = new Attachment(lease, before == null ? gapTold() : before.isOver);
        try {
            next.begin();
        } catch (EventBusException | RuntimeException e) {
            next.end();
            leave(before, "a place on the event bus cannot be had: " + e.getMessage());
            return false;
        }
        attachment.set(next);
        if (before != null) {
            before.finish();
        }
        if (next.isOver() && attachment.compareAndSet(next, null)) {
            note("the event bus ended it at once");
            needsMending.run();
            return false;
        }
        if (isClosed) {
            close();
        }
        return true;
    }

    private CountDownLatch gapTold() {
        var untold = gap.get();
        return untold == null ? new CountDownLatch(0) : untold.isTold();
    }

    private void leave(@Nullable Attachment before, String why) {
        if (gap.get() == null) {
            LOG.warn("Events of {} are not heard for now: {}", place.topic(), why);
        }
        note(why);
        attachment.set(null);
        if (before != null) {
            before.finish();
        }
    }

    private void tell(Event event) {
        telling.lock();
        try {
            if (!isClosed && heard.add(event.id())) {
                listener.happened(event);
            }
        } finally {
            telling.unlock();
        }
    }

    private void tellMissed(String why) {
        telling.lock();
        try {
            if (!isClosed) {
                listener.missed(why);
            }
        } finally {
            telling.unlock();
        }
    }

    @Override
    public void close() {
        isClosed = true;
        var current = attachment.getAndSet(null);
        if (current != null) {
            current.close();
        }
        try { // an old version may be telling still
            if (telling.tryLock(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                telling.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
