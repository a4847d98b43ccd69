package io.slipway.event.access;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.event.embedded.EmbeddedEventBus;
import io.slipway.event.spi.EventBus;
import io.slipway.event.spi.EventBusException;
import io.slipway.event.spi.EventReceiver;
import io.slipway.model.event.Event;
import io.slipway.plugin.api.PromotionException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A bus under hand-over: who wants a place waits until it is open, but for the thread that does the hand-over. */
final class GatedBus implements EventBus {

    private final EmbeddedEventBus bus = new EmbeddedEventBus();
    private final CountDownLatch isWaiting = new CountDownLatch(1);
    private final CountDownLatch isOpen = new CountDownLatch(1);
    private volatile @Nullable Thread holder;

    GatedBus() {
        promote(bus);
    }

    /** Makes a bus the one that serves. */
    static void promote(EmbeddedEventBus bus) {
        try {
            bus.promote(Optional.empty());
        } catch (PromotionException e) {
            throw new AssertionError(e);
        }
    }

    void awaitWaiting() throws InterruptedException {
        assertTrue(isWaiting.await(20, TimeUnit.SECONDS));
    }

    void pass(Runnable step) {
        holder = Thread.currentThread();
        step.run();
    }

    void open() {
        isOpen.countDown();
    }

    @Override
    public void publish(String topic, List<Event> events, Duration limit) throws EventBusException {
        bus.publish(topic, events, limit);
    }

    @Override
    public Subscription subscribe(String topic, EventReceiver receiver) throws EventBusException {
        enter();
        return bus.subscribe(topic, receiver);
    }

    @Override
    public Subscription join(String topic, String group, EventReceiver receiver) throws EventBusException {
        enter();
        return bus.join(topic, group, receiver);
    }

    private void enter() {
        if (Thread.currentThread().equals(holder)) {
            return;
        }
        isWaiting.countDown();
        try {
            assertTrue(isOpen.await(20, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
