package io.slipway.event.testkit;

import static io.slipway.event.testkit.Samples.event;
import static io.slipway.event.testkit.Samples.events;
import static io.slipway.event.testkit.Samples.ids;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.event.spi.EventBus;
import io.slipway.event.spi.EventBusException;
import io.slipway.event.spi.EventReceiver;
import io.slipway.model.event.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link EventBus} does. */
@Timeout(60)
@NullUnmarked // a receiver asks for its own subscription after it was set
public abstract class EventBusContract extends OneBus {

    private static final long PATIENCE_SECONDS = 20;

    /** For subclasses. */
    protected EventBusContract() {}

    @Test
    void tellsWhatWasPublishedWithAllItsParts() throws Exception {
        var inbox = Inbox.open();
        try (var _ = bus.subscribe(TOPIC, inbox)) {
            var long128 = "k".repeat(128);
            var sent = List.of(event("1", ""), new Event("2", long128, Map.of()), event("3", long128));
            publish(sent);
            assertEquals(sent, inbox.events(3));
        }
    }

    @Test
    void tellsEverySubscriptionOfTheTopicAndNoOther() throws Exception {
        var first = Inbox.open();
        var second = Inbox.open();
        var foreign = Inbox.open();
        try (var _ = bus.subscribe(TOPIC, first);
                var _ = bus.subscribe(TOPIC, second);
                var _ = bus.subscribe("other", foreign)) {
            publish(events(0, 5));
            bus.publish("other", events(5, 6), LIMIT);
            bus.publish("nobody's", events(6, 7), LIMIT);
            publish(List.of());
            assertEquals(ids(events(0, 5)), first.ids(5));
            assertEquals(ids(events(0, 5)), second.ids(5));
            assertEquals(List.of("5"), foreign.ids(1));
            assertEquals(List.of(), first.rest());
        }
    }

    @Test
    void tellsNothingFromBefore() throws Exception {
        publish(events(0, 3));
        var inbox = Inbox.open();
        try (var _ = bus.subscribe(TOPIC, inbox)) {
            publish(events(3, 4));
            assertEquals(List.of("3"), inbox.ids(1));
        }
    }

    @Test
    void keepsTheOrderOfEachKeyOfManyPublishers() throws Exception {
        var inbox = Inbox.open();
        var publishers = 4;
        var each = 300;
        try (var _ = bus.subscribe(TOPIC, inbox)) {
            CompletableFuture.allOf(IntStream.range(0, publishers)
                            .mapToObj(p -> CompletableFuture.runAsync(() -> publishOneByOne("key" + p, each)))
                            .toArray(CompletableFuture<?>[]::new))
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            var byKey = inbox.events(publishers * each).stream()
                    .collect(Collectors.groupingBy(Event::key, Collectors.mapping(Event::id, Collectors.toList())));
            for (var p = 0; p < publishers; p++) {
                var key = "key" + p;
                var expected =
                        IntStream.range(0, each).mapToObj(i -> key + "/" + i).toList();
                assertEquals(expected, byKey.get(key));
            }
        }
    }

    private void publishOneByOne(String key, int count) {
        try {
            for (var i = 0; i < count; i++) {
                publish(List.of(event(key + "/" + i, key)));
            }
        } catch (EventBusException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void waitsForASlowSubscriptionNoLongerThanItMayAndCutsIt() throws Exception {
        var slow = Inbox.held();
        var quick = Inbox.open();
        try (var _ = bus.subscribe(TOPIC, slow);
                var _ = bus.subscribe(TOPIC, quick)) {
            var count = EventBus.MOST_WAITING + 500;
            var longest = Duration.ZERO;
            for (var i = 0; i < count; i += 100) {
                var begin = System.nanoTime();
                bus.publish(TOPIC, events(i, i + 100), Duration.ofMillis(200));
                var took = Duration.ofNanos(System.nanoTime() - begin);
                longest = took.compareTo(longest) > 0 ? took : longest;
            }
            assertTrue(longest.compareTo(Duration.ofSeconds(10)) < 0, "a publisher waited " + longest);
            assertEquals(ids(events(0, count)), quick.ids(count));
            assertFalse(slow.isCut(), "told while it is busy");
            slow.release();
            assertFalse(slow.awaitCut().isBlank());
            var told = slow.rest();
            assertEquals(ids(events(0, told.size())), told, "no gap before the cut");
            publish(events(count, count + 1));
            quick.ids(1);
            assertEquals(told, slow.rest(), "told something after the cut");
        }
    }

    @Test
    void holdsATenthOfTheMostThatMayWaitWithoutWaiting() throws Exception {
        var slow = Inbox.held();
        try (var _ = bus.subscribe(TOPIC, slow)) {
            bus.publish(TOPIC, events(0, EventBus.MOST_WAITING / 10), Duration.ZERO);
            slow.release();
            assertEquals(ids(events(0, EventBus.MOST_WAITING / 10)), slow.ids(EventBus.MOST_WAITING / 10));
            assertFalse(slow.isCut());
        }
    }

    @Test
    void tellsOthersThoughOneReceiverFails() throws Exception {
        var heard = Inbox.open();
        var failed = Inbox.open();
        try (var _ = bus.subscribe(TOPIC, new EventReceiver() {
                    @Override
                    public void received(Event event) {
                        failed.received(event);
                        throw new IllegalStateException("on purpose");
                    }

                    @Override
                    public void cut(String reason) {
                        failed.cut(reason);
                    }
                });
                var _ = bus.subscribe(TOPIC, heard)) {
            publish(events(0, 1));
            publish(events(1, 2));
            assertEquals(List.of("0", "1"), heard.ids(2));
            assertEquals(List.of("0", "1"), failed.ids(2), "one that failed hears the next event");
        }
    }

    @Test
    void tellsAClosedSubscriptionNothing() throws Exception {
        var closed = Inbox.open();
        var open = Inbox.open();
        var subscription = bus.subscribe(TOPIC, closed);
        subscription.close();
        subscription.close();
        try (var _ = bus.subscribe(TOPIC, open)) {
            publish(events(0, 1));
            open.ids(1);
        }
        assertEquals(List.of(), closed.rest());
        assertFalse(closed.isCut(), "it was closed, not cut");
    }

    @Test
    void closesASubscriptionOnlyWhenItsReceiverHasReturned() throws Exception {
        var busy = Inbox.held();
        var subscription = bus.subscribe(TOPIC, busy);
        publish(events(0, 10));
        busy.awaitEntered();
        var closing = Thread.ofVirtual().start(subscription::close);
        assertFalse(closing.join(Duration.ofMillis(100)), "closed while the receiver runs");
        busy.release();
        assertTrue(closing.join(Duration.ofSeconds(PATIENCE_SECONDS)));
        assertEquals(List.of("0"), busy.rest());
    }

    @Test
    void letsAReceiverCloseItsOwnSubscriptionAndPublish() throws Exception {
        var inbox = Inbox.open();
        var own = new AtomicReference<EventBus.Subscription>();
        var isKnown = new CountDownLatch(1);
        own.set(bus.subscribe(TOPIC, new EventReceiver() {
            @Override
            public void received(Event event) {
                awaitQuietly(isKnown);
                own.get().close();
                inbox.received(event);
                publishOneByOne("own", 1);
            }

            @Override
            public void cut(String reason) {
                inbox.cut(reason);
            }
        }));
        isKnown.countDown();
        publish(events(0, 2));
        assertEquals(List.of("0"), inbox.ids(1));
        Thread.sleep(100); // nothing to wait for: what comes now would be wrong
        assertEquals(List.of(), inbox.rest());
    }

    @Test
    void finishesWithWhatWasPublishedBefore() throws Exception {
        var inbox = Inbox.held();
        var other = Inbox.open();
        var subscription = bus.subscribe(TOPIC, inbox);
        publish(events(0, 100));
        var ended = new CountDownLatch(1);
        subscription.finish(ended::countDown);
        try (var _ = bus.subscribe(TOPIC, other)) {
            publish(events(100, 101));
            other.ids(1);
        }
        assertEquals(1, ended.getCount(), "ended before all was told");
        inbox.release();
        assertTrue(ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertEquals(ids(events(0, 100)), inbox.rest());
        assertFalse(inbox.isCut());
        var again = new CountDownLatch(1);
        subscription.finish(again::countDown);
        assertTrue(again.await(PATIENCE_SECONDS, TimeUnit.SECONDS), "one that has ended says so at once");
        subscription.close();
    }

    @Test
    void saysThatAFinishingSubscriptionIsClosed() throws Exception {
        var inbox = Inbox.held();
        var subscription = bus.subscribe(TOPIC, inbox);
        publish(events(0, 5));
        inbox.awaitEntered();
        var ended = new CountDownLatch(1);
        subscription.finish(ended::countDown);
        inbox.release();
        subscription.close();
        assertTrue(ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void refusesNamesAndLimitsThatItCannotHave() {
        var inbox = Inbox.open();
        for (var name : List.of("", "n".repeat(129))) {
            assertThrows(IllegalArgumentException.class, () -> bus.publish(name, List.of(), LIMIT));
            assertThrows(IllegalArgumentException.class, () -> bus.subscribe(name, inbox));
            assertThrows(IllegalArgumentException.class, () -> bus.join(TOPIC, name, inbox));
        }
        for (var limit : List.of(Duration.ofMillis(-1), EventBus.LONGEST_WAIT.plusMillis(1))) {
            assertThrows(IllegalArgumentException.class, () -> bus.publish(TOPIC, List.of(), limit));
        }
    }

    @Test
    void letsAnInterruptedPublisherGo() throws Exception {
        var slow = Inbox.held();
        try (var _ = bus.subscribe(TOPIC, slow)) {
            var stillInterrupted = new AtomicReference<Boolean>();
            var publisher = Thread.ofPlatform().start(() -> {
                Thread.currentThread().interrupt();
                try {
                    for (var i = 0; i < 2 * EventBus.MOST_WAITING; i += 500) {
                        publish(events(i, i + 500));
                    }
                } catch (EventBusException e) {
                    stillInterrupted.set(Thread.currentThread().isInterrupted());
                }
            });
            assertTrue(publisher.join(Duration.ofSeconds(PATIENCE_SECONDS)), "it did not return");
            assertNotEquals(false, stillInterrupted.get(), "the interrupt got lost");
            slow.release();
        }
    }

    @Test
    void tellsSubscriptionsOfItsEndAndBeginsAnewAfterARestart() throws Exception {
        var old = Inbox.open();
        bus.subscribe(TOPIC, old);
        close(bus);
        assertFalse(old.awaitCut().isBlank());
        var closed = bus;
        assertThrows(EventBusException.class, () -> closed.publish(TOPIC, events(0, 1), LIMIT));
        assertThrows(EventBusException.class, () -> closed.subscribe(TOPIC, Inbox.open()));

        bus = open();
        var inbox = Inbox.open();
        try (var _ = bus.subscribe(TOPIC, inbox)) {
            publish(events(1, 2));
            assertEquals(List.of("1"), inbox.ids(1));
        }
        assertEquals(List.of(), old.rest());
    }

    @Test
    void standsSubscriptionsThatComeAndGoUnderLoad() throws Exception {
        var steady = Inbox.open();
        var count = 2_000;
        try (var _ = bus.subscribe(TOPIC, steady)) {
            var publisher = CompletableFuture.runAsync(() -> publishOneByOne("key", count));
            var rounds = new ArrayList<Inbox>();
            while (!publisher.isDone()) {
                var inbox = Inbox.open();
                try (var _ = bus.subscribe(TOPIC, inbox);
                        var _ = bus.join(TOPIC, "workers", inbox)) {
                    rounds.add(inbox);
                }
            }
            publisher.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertEquals(count, steady.ids(count).size());
            assertTrue(rounds.stream().noneMatch(Inbox::isCut));
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertTrue(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
