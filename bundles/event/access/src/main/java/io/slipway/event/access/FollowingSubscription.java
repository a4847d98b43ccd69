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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscription that moves when another version of the bus takes over: it begins on the new one, lets the old one tell what
 * it has to the end, and only then tells what the new one brings.
 *
 * <p>Used by any thread, without a lock: who gets a place on the new version may have to wait until its hand-over is complete,
 * and the thread of that hand-over must not wait for it. Of several places the first that is set is kept.
 */
final class FollowingSubscription implements Events.Subscription {

    private static final Logger LOG = LoggerFactory.getLogger(FollowingSubscription.class);
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
    private record Gap(String why, CompletableFuture<Boolean> isTold) {}

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
        private final CompletableFuture<Boolean> mayTell; // not the place before: that would keep its version alive
        private final CountDownLatch isDecided = new CountDownLatch(1);
        private volatile boolean isKept;
        private volatile boolean isEnded;
        /** When this one and all before it have told what they had; one without events may end long before them. */
        private final CompletableFuture<Boolean> isOver = new CompletableFuture<>();

        private volatile EventBus.@Nullable Subscription subscription;

        Attachment(Lease<EventBus> lease, CompletableFuture<Boolean> mayTell) {
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
                isDecided.await();
                if (isKept || place.group() != null) { // nobody else of the group has it
                    mayTell.get(OLD_LIMIT.toSeconds(), TimeUnit.SECONDS);
                    tell(event);
                }
            } catch (TimeoutException e) {
                LOG.warn("The bus before has not told all of {} within {}", place.topic(), OLD_LIMIT);
                tell(event);
            } catch (ExecutionException e) {
                throw new IllegalStateException("nobody completes it so", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                tell(event);
            }
        }

        void keep() {
            isKept = true;
            isDecided.countDown();
        }

        @Override
        public void cut(String reason) {
            if (attachment.compareAndSet(this, null)) {
                note(reason);
                needsMending.run();
            } else if (isKept) {
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

        /** Ends it with the whole subscription. */
        void close() {
            mayTell.complete(true); // nothing is told any more
            drop();
        }

        /** Ends it in favour of another one. */
        void drop() {
            isDecided.countDown();
            var begun = subscription;
            if (begun != null) {
                begun.close();
            }
            end();
        }

        boolean isEnded() {
            return isEnded;
        }

        @SuppressWarnings("FutureReturnValueIgnored") // it only passes on
        private void end() {
            isEnded = true;
            lease.close();
            mayTell.whenComplete((isTold, failure) -> isOver.complete(true));
        }
    }

    /** Moves if another version of the bus is the active one now; returns soon. */
    void follow() {
        while (!isClosed && moves()) {
            LOG.debug("A subscription of {} has moved, or another thread has moved it", place);
        }
    }

    /** Finds a place if it has none, and tells if events may be missing; may take as long as the listener. */
    void mend() {
        if (attachment.get() == null) {
            follow();
        }
        var untold = attachment.get() == null ? null : gap.getAndSet(null);
        if (untold != null) {
            try {
                tellMissed(untold.why());
            } finally {
                untold.isTold().complete(true);
            }
        }
    }

    private void note(String why) {
        gap.compareAndSet(null, new Gap(why, new CompletableFuture<>()));
    }

    /** One step; returns whether to look again: yet another version may have taken over by now. */
    @SuppressWarnings("ReferenceEquality") // another version is another object, whatever is in it
    private boolean moves() {
        var before = attachment.get();
        var lease = buses.find(bus).orElse(null);
        if (lease == null) {
            return !leaves(before, "there is no event bus '" + bus + "'");
        }
        if (before != null && before.provider == lease.get()) {
            lease.close();
            return false;
        }
        return moves(before, new Attachment(lease, before == null ? gapTold() : before.isOver));
    }

    @SuppressWarnings("IllegalCatch") // code of the plug-in: whatever it throws, the lease is closed
    private boolean moves(@Nullable Attachment before, Attachment next) {
        try {
            next.begin();
        } catch (EventBusException | RuntimeException e) {
            next.end();
            return !leaves(before, "a place on the event bus cannot be had: " + e.getMessage());
        }
        if (!attachment.compareAndSet(before, next)) {
            next.drop();
            return true;
        }
        next.keep();
        if (before != null) {
            before.finish();
        }
        if (next.isEnded() && attachment.compareAndSet(next, null)) {
            note("the event bus ended it at once");
            needsMending.run();
            return false;
        }
        if (isClosed) {
            close();
        }
        return true;
    }

    private CompletableFuture<Boolean> gapTold() {
        var untold = gap.get();
        return untold == null ? CompletableFuture.completedFuture(true) : untold.isTold();
    }

    /** Lets go of a place without another; returns whether it was still the place. */
    private boolean leaves(@Nullable Attachment before, String why) {
        if (!attachment.compareAndSet(before, null)) {
            return false;
        }
        if (gap.get() == null) {
            LOG.warn("Events of {} are not heard for now: {}", place.topic(), why);
        }
        note(why);
        if (before != null) {
            before.finish();
        }
        return true;
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
