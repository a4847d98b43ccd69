package io.slipway.event.testkit;

import io.slipway.event.spi.EventBus;
import io.slipway.event.spi.EventBusException;
import io.slipway.event.spi.EventReceiver;
import io.slipway.model.event.Event;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A bus for one topic and groups of one member, with a fault. */
final class PlainBus implements EventBus {

    /** What is wrong with it. */
    enum Fault {
        NOTHING,
        TELLS_AN_ID_ONCE,
        TELLS_ONE_END,
        CUTS_WHAT_IS_CLOSED,
        FINISH_WAITS,
        PUBLISH_WAITS,
        HANGS_WHEN_INTERRUPTED,
        FORGETS_THE_INTERRUPT,
        BREAKS_WHEN_INTERRUPTED,
        CUTS_OTHERS_BY_AN_INTERRUPT,
        DIES_WHEN_INTERRUPTED
    }

    /** Never given back: whoever asks for it waits for ever. */
    private static final Semaphore NEVER = new Semaphore(0);

    private final Fault fault;
    private final List<Place> places = new CopyOnWriteArrayList<>();
    private final Set<String> told = new HashSet<>();
    private volatile boolean isDead;

    private final class Place implements Subscription {

        private final EventReceiver receiver;
        private final AtomicInteger waiting = new AtomicInteger();
        private final AtomicBoolean hasEnded = new AtomicBoolean();
        private final ExecutorService thread =
                Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());

        Place(EventReceiver receiver) {
            this.receiver = receiver;
        }

        void take(Event event) {
            if (waiting.incrementAndGet() > MOST_WAITING) {
                waitForEverIf(fault == Fault.PUBLISH_WAITS);
                cut();
            } else {
                thread.execute(() -> {
                    receiver.received(event);
                    waiting.decrementAndGet();
                });
            }
        }

        void cut() {
            if (places.remove(this)) {
                thread.execute(() -> receiver.cut("too slow"));
            }
        }

        @Override
        public void finish(Runnable whenEnded) {
            waitForEverIf(fault == Fault.FINISH_WAITS);
            places.remove(this);
            if (!hasEnded.getAndSet(true) || fault != Fault.TELLS_ONE_END) {
                thread.execute(whenEnded);
            }
        }

        @Override
        public void close() {
            places.remove(this);
            if (fault == Fault.CUTS_WHAT_IS_CLOSED) {
                receiver.cut("closed");
            }
            thread.shutdown();
        }
    }

    PlainBus(Fault fault) {
        this.fault = fault;
    }

    private static void waitForEverIf(boolean isFault) {
        try {
            if (isFault) {
                NEVER.acquire();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void begin() throws EventBusException {
        if (isDead) {
            throw new EventBusException("dead");
        }
        if (!Thread.currentThread().isInterrupted()) {
            return;
        }
        isDead = fault == Fault.DIES_WHEN_INTERRUPTED;
        if (fault == Fault.HANGS_WHEN_INTERRUPTED) {
            NEVER.acquireUninterruptibly();
        }
        if (fault == Fault.FORGETS_THE_INTERRUPT && Thread.interrupted()) {
            throw new EventBusException("interrupted");
        }
        if (fault == Fault.BREAKS_WHEN_INTERRUPTED) {
            throw new IllegalStateException("broken");
        }
        if (fault == Fault.CUTS_OTHERS_BY_AN_INTERRUPT) {
            places.forEach(place -> place.receiver.cut("somebody was interrupted"));
        }
    }

    @Override
    public void publish(String topic, List<Event> events, Duration limit) throws EventBusException {
        begin();
        for (var event : events) {
            if (fault != Fault.TELLS_AN_ID_ONCE || told.add(event.id())) {
                places.forEach(place -> place.take(event));
            }
        }
    }

    @Override
    public Subscription subscribe(String topic, EventReceiver receiver) throws EventBusException {
        begin();
        var place = new Place(receiver);
        places.add(place);
        return place;
    }

    @Override
    public Subscription join(String topic, String group, EventReceiver receiver) throws EventBusException {
        return subscribe(topic, receiver);
    }
}
