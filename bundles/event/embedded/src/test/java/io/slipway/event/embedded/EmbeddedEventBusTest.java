package io.slipway.event.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.event.spi.EventBus;
import io.slipway.event.spi.EventBusException;
import io.slipway.event.spi.EventReceiver;
import io.slipway.event.testkit.EventBusContract;
import io.slipway.model.event.Event;
import io.slipway.plugin.api.PromotionException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EmbeddedEventBusTest extends EventBusContract {

    @Override
    protected EventBus open() throws PromotionException {
        var bus = new EmbeddedEventBus();
        bus.promote(Optional.empty());
        return bus;
    }

    @Override
    protected void close(EventBus bus) {
        ((EmbeddedEventBus) bus).stop();
    }

    @Test
    void servesNobodyWhileItIsAStandby() throws Exception {
        var bus = new EmbeddedEventBus();
        assertThrows(EventBusException.class, () -> bus.publish("t", List.of(), Duration.ZERO));
        bus.promote(Optional.empty());
        bus.demote();
        assertThrows(EventBusException.class, () -> bus.publish("t", List.of(), Duration.ZERO));
    }

    @Test
    void tellsWhatItHasAfterItGaveUp() throws Exception {
        var bus = (EmbeddedEventBus) open();
        var mayReturn = new CountDownLatch(1);
        var told = new CountDownLatch(3);
        var subscription = bus.subscribe("t", new EventReceiver() {
            @Override
            public void received(Event event) {
                try {
                    assertTrue(mayReturn.await(20, TimeUnit.SECONDS));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                told.countDown();
            }

            @Override
            public void cut(String reason) {}
        });
        bus.publish("t", List.of(event("1"), event("2"), event("3")), Duration.ZERO);
        assertEquals("1 subscriptions, which begin anew", bus.stateToMove().getFirst());
        assertEquals(Optional.empty(), bus.demote());
        mayReturn.countDown();
        assertTrue(told.await(20, TimeUnit.SECONDS));
        subscription.close();
        assertEquals("0 subscriptions, which begin anew", bus.stateToMove().getFirst());
        bus.stop();
    }

    @Test
    void findsASubscriptionWhoseThreadHasDied() throws Exception {
        var bus = (EmbeddedEventBus) open();
        bus.subscribe("t", new EventReceiver() {
            @Override
            public void received(Event event) {
                throw new AssertionError("on purpose");
            }

            @Override
            public void cut(String reason) {}
        });
        assertEquals(List.of(), bus.selfCheck());
        bus.publish("t", List.of(event("1")), Duration.ZERO);
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (bus.selfCheck().isEmpty() && System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
        assertEquals(List.of("a subscription of t is told nothing any more"), bus.selfCheck());
        bus.stop();
    }

    private static Event event(String id) {
        return new Event(id, "k", Map.of());
    }
}
