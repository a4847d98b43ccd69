package io.slipway.event.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.event.api.Events;
import io.slipway.event.embedded.EmbeddedEventBus;
import io.slipway.model.event.Event;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LeasedEventsTest {

    private static final String TOPIC = "test";

    private final DirectBus direct = new DirectBus();
    private final OneBus buses = new OneBus(direct);
    private final LeasedEvents events =
            new LeasedEvents(buses, "embedded", RandomGenerator.getDefault(), Duration.ofMillis(300));
    private final Heard heard = new Heard();
    private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();

    @BeforeEach
    void start() {
        events.start();
    }

    @AfterEach
    void stop() {
        heard.release();
        events.stop();
    }

    private static List<Event> numbers(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> new Event(Integer.toString(i), "key", Map.of()))
                .toList();
    }

    private static List<String> ids(int from, int to) {
        return numbers(from, to).stream().map(Event::id).toList();
    }

    private static EmbeddedEventBus serving() {
        var bus = new EmbeddedEventBus();
        GatedBus.promote(bus);
        return bus;
    }

    private void swap(EmbeddedEventBus from, EmbeddedEventBus to) {
        gate.writeLock().lock(); // the platform lets nobody publish meanwhile
        try {
            from.demote();
            GatedBus.promote(to);
            buses.replace(to);
        } finally {
            gate.writeLock().unlock();
        }
    }

    @Test
    void givesEveryLeaseBack() {
        var subscription = events.subscribe(TOPIC, heard);
        var shared = events.join(TOPIC, "group", heard);
        assertEquals(2, buses.leases.get());
        events.publish(TOPIC, numbers(0, 3));
        assertEquals(2, buses.leases.get());
        subscription.close();
        shared.close();
        assertEquals(0, buses.leases.get());
        events.publish(TOPIC, numbers(3, 4));
        assertEquals(6, heard.all.size());
    }

    @Test
    void publishesAgainWhatFailedAndTellsItOnce() {
        direct.failures.set(3);
        try (var _ = events.subscribe(TOPIC, heard)) {
            events.publish(TOPIC, numbers(0, 2));
            events.publish(TOPIC, numbers(1, 3));
            assertEquals(ids(0, 3), heard.all);
        }
    }

    @Test
    void saysThatTheBusTakesNothing() {
        direct.failures.set(Integer.MAX_VALUE);
        var failure = assertThrows(SlipwayException.class, () -> events.publish(TOPIC, numbers(0, 1)));
        assertEquals(FailureCode.UNAVAILABLE, failure.code());
        buses.active = null;
        assertThrows(SlipwayException.class, () -> events.publish(TOPIC, numbers(0, 1)));
        assertEquals(0, buses.leases.get());
        assertThrows(IllegalArgumentException.class, () -> events.publish("", numbers(0, 1)));
        assertThrows(IllegalArgumentException.class, () -> events.subscribe("", heard));
        assertThrows(IllegalArgumentException.class, () -> events.join(TOPIC, "", heard));
    }

    @Test
    void tellsWhatTheOldBusHasBeforeWhatTheNewOneBrings() throws Exception {
        var old = serving();
        buses.replace(old);
        heard.hold();
        try (var _ = events.subscribe(TOPIC, heard)) {
            events.publish(TOPIC, numbers(0, 100));
            heard.awaitEntered();
            swap(old, new EmbeddedEventBus());
            events.publish(TOPIC, numbers(100, 200));
            assertEquals(2, buses.leases.get(), "the old bus is kept as long as it has something to tell");
            heard.release();
            heard.await(200);
            assertEquals(ids(0, 200), heard.all);
            awaitLeases(1);
        }
        assertEquals(0, buses.leases.get());
    }

    @Test
    void keepsTheOrderWhenABusIsRolledBackSoonAfter() throws Exception {
        var old = serving();
        var young = new EmbeddedEventBus();
        buses.replace(old);
        heard.hold();
        try (var _ = events.subscribe(TOPIC, heard)) {
            events.publish(TOPIC, numbers(0, 10));
            swap(old, young);
            events.publish(TOPIC, numbers(10, 20));
            swap(young, old);
            events.publish(TOPIC, numbers(20, 30));
            heard.release();
            heard.await(30);
            assertEquals(ids(0, 30), heard.all);
        }
        awaitLeases(0);
    }

    @Test
    void keepsTheOrderOverABusThatGotNoEvent() throws Exception {
        var old = serving();
        var empty = new EmbeddedEventBus();
        buses.replace(old);
        heard.hold();
        try (var _ = events.subscribe(TOPIC, heard)) {
            events.publish(TOPIC, numbers(0, 10));
            heard.awaitEntered();
            swap(old, empty);
            awaitLeases(2);
            swap(empty, new EmbeddedEventBus());
            events.publish(TOPIC, numbers(10, 20));
            awaitLeases(2); // the old one's and the newest one's
            heard.release();
            heard.await(20);
            assertEquals(ids(0, 20), heard.all);
        }
        awaitLeases(0);
    }

    @Test
    void losesAndDoublesNothingInAStreamOfSwaps() throws Exception {
        var bus = serving();
        buses.replace(bus);
        var other = new Heard();
        var count = 3_000;
        try (var _ = events.subscribe(TOPIC, heard);
                var _ = events.join(TOPIC, "group", other)) {
            var publisher = CompletableFuture.runAsync(() -> {
                for (var i = 0; i < count; i += 3) {
                    gate.readLock().lock();
                    try {
                        events.publish(TOPIC, numbers(i, i + 3));
                    } finally {
                        gate.readLock().unlock();
                    }
                }
            });
            while (!publisher.isDone()) {
                var next = new EmbeddedEventBus();
                swap(bus, next);
                bus = next;
                Thread.sleep(1);
            }
            publisher.get(20, TimeUnit.SECONDS);
            heard.await(count);
            other.await(count);
            assertEquals(ids(0, count), heard.all);
            assertEquals(ids(0, count), other.all);
        }
    }

    @Test
    void isNotHeldUpByWhoWaitsForTheSamePlace() throws Exception {
        var old = serving();
        buses.replace(old);
        var gated = new GatedBus();
        try (var _ = events.subscribe(TOPIC, heard)) {
            events.publish(TOPIC, numbers(0, 2));
            heard.await(2);
            buses.active = gated;
            var other = CompletableFuture.runAsync(events::follow); // as another swap at the same time would
            gated.awaitWaiting();
            gated.pass(events::follow); // by the thread of the hand-over
            events.publish(TOPIC, numbers(2, 4));
            gated.open();
            events.publish(TOPIC, numbers(4, 6));
            other.get(20, TimeUnit.SECONDS);
            events.publish(TOPIC, numbers(6, 8));
            heard.await(8);
            assertEquals(ids(0, 8), heard.all);
            awaitLeases(1);
        }
    }

    @Test
    void beginsAnewAfterACutAndSaysSoBeforeItTellsMore() throws Exception {
        try (var _ = events.subscribe(TOPIC, heard)) {
            events.publish(TOPIC, numbers(0, 1));
            direct.cutAll();
            heard.await(2);
            events.publish(TOPIC, numbers(1, 2));
            assertEquals(List.of("0", "missed", "1"), heard.all);
        }
        assertEquals(0, buses.leases.get());
    }

    @Test
    void listensAsSoonAsThereIsABus() throws Exception {
        buses.replace(null);
        try (var _ = events.subscribe(TOPIC, heard)) {
            buses.replace(direct);
            heard.await(1);
            events.publish(TOPIC, numbers(0, 1));
            assertEquals(List.of("missed", "0"), heard.all);
        }
    }

    @Test
    void leavesABusThatGivesItNoPlaceAndTriesAgain() throws Exception {
        try (var _ = events.subscribe(TOPIC, heard)) {
            var full = new DirectBus();
            full.givesNoPlace = true;
            buses.replace(full);
            assertEquals(List.of(), direct.receivers);
            assertEquals(0, buses.leases.get());
            full.givesNoPlace = false;
            heard.await(1); // by its own clock
            events.publish(TOPIC, numbers(0, 1));
            assertEquals(List.of("missed", "0"), heard.all);
        }
    }

    @Test
    void letsAListenerCloseItsOwnSubscription() {
        var own = new AtomicReference<Events.Subscription>();
        own.set(events.subscribe(TOPIC, new io.slipway.event.api.EventListener() {
            @Override
            public void happened(Event event) {
                heard.happened(event);
                own.get().close();
            }

            @Override
            public void missed(String why) {
                heard.missed(why);
            }
        }));
        events.publish(TOPIC, numbers(0, 2));
        assertEquals(List.of("0"), heard.all);
        assertEquals(0, buses.leases.get());
    }

    @Test
    void closesSubscriptionsWhenItStops() {
        events.subscribe(TOPIC, heard);
        events.stop();
        assertEquals(0, buses.leases.get());
        assertTrue(direct.receivers.isEmpty());
    }

    private void awaitLeases(int count) throws InterruptedException {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (buses.leases.get() != count && System.nanoTime() < end) {
            Thread.sleep(2);
        }
        assertEquals(count, buses.leases.get());
    }
}
