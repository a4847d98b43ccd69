package io.slipway.manager.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.api.SessionEvents.Subscription;
import io.slipway.manager.store.OutboxStore;
import io.slipway.manager.store.SessionEvent;
import io.slipway.manager.store.SessionRecord;
import io.slipway.manager.store.SessionStore;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionStatus;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SessionEventFeedTest {

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration BRIEF = Duration.ofMillis(50);
    private static final SessionId OTHER = new SessionId(new UUID(7, 7));

    private final SessionRecord session = Samples.session(SessionStatus.RUNNING, KernelStatus.RUNNING);
    private final List<SessionEvent> kept = new CopyOnWriteArrayList<>();
    private volatile boolean isStoreAway;
    private volatile boolean isInOrder = true;
    private volatile Runnable beforeClear = () -> {};
    private final BlockingQueue<SessionEvent> waiting = new ArrayBlockingQueue<>(5) {
        @Override
        public void clear() {
            beforeClear.run();
            super.clear();
        }
    };
    private final SessionEventFeed feed = new SessionEventFeed(sessions(), outbox(), 4, waiting);

    @BeforeEach
    void start() {
        feed.start();
    }

    @AfterEach
    void stop() {
        feed.stop();
    }

    private SessionEvent happens(long id) {
        var event = event(id, session.id(), Samples.THEN);
        kept.add(event);
        feed.happened(event);
        return event;
    }

    private static SessionEvent event(long id, SessionId session, Instant at) {
        return new SessionEvent(id, session, null, "default", "RUNNING", "", at);
    }

    private static List<Long> ids(Subscription subscription, int count) {
        var ids = new ArrayList<Long>();
        for (var i = 0; i < count; i++) {
            ids.add(subscription.next(SOON).orElseThrow().event().id());
        }
        return ids;
    }

    @Test
    void tellsEachListenerWhatItSelected() {
        try (var mine = feed.subscribe(session::equals, OptionalLong.empty());
                var others = feed.subscribe(record -> false, OptionalLong.empty())) {
            happens(1);
            happens(2);
            assertEquals(List.of(1L, 2L), ids(mine, 2));
            assertTrue(others.next(BRIEF).isEmpty());
            assertFalse(others.isCut());
        }
    }

    @Test
    void goesOnAfterTheLastEventThatAListenerHad() {
        for (var i = 1; i <= 500; i++) {
            happens(i);
        }
        try (var subscription = feed.subscribe(record -> true, OptionalLong.of(3))) {
            happens(501);
            var ids = ids(subscription, 498);
            assertEquals(4, ids.getFirst());
            assertEquals(501, ids.getLast());
        }
    }

    @Test
    void tellsNothingOnceMoreThatAServerThatDiedPublishesAgain() {
        for (var i = 1; i <= 5; i++) {
            happens(i);
        }
        try (var subscription = feed.subscribe(record -> true, OptionalLong.of(3))) {
            assertEquals(List.of(4L, 5L), ids(subscription, 2));
            assertTrue(subscription.next(BRIEF).isEmpty());
            kept.subList(2, 5).forEach(feed::happened); // with the next one no more than the queue holds
            happens(6);
            assertEquals(List.of(6L), ids(subscription, 1));
        }
    }

    /** However much happened to others meanwhile. */
    @Test
    void findsTheOneEventAmongThousandsOfOthers() {
        kept.addAll(LongStream.rangeClosed(2, 25_000)
                .mapToObj(id -> event(id, OTHER, Samples.THEN))
                .toList());
        kept.add(event(25_001, session.id(), Samples.THEN));
        try (var subscription = feed.subscribe(record -> true, OptionalLong.of(1))) {
            assertTrue(subscription.isCatchingUp());
            assertEquals(List.of(25_001L), ids(subscription, 1));
            assertTrue(subscription.next(BRIEF).isEmpty());
            assertFalse(subscription.isCatchingUp());
            assertEquals(25_001, subscription.position());
        }
    }

    @Test
    void givesControlBackInTimeHoweverMuchThereIsToRead() {
        kept.addAll(LongStream.rangeClosed(2, 2_000)
                .mapToObj(id -> event(id, OTHER, Samples.THEN))
                .toList());
        try (var subscription = feed.subscribe(record -> true, OptionalLong.of(1))) {
            assertTrue(subscription.next(Duration.ZERO).isEmpty());
            assertTrue(subscription.isCatchingUp());
            assertFalse(subscription.isCut());
        }
    }

    /** Of 5 and 7, 7 was stored and told first; the listener broke off before 5 was. */
    @Test
    void tellsWhatWasStoredLateWhereIdsAreNotInOrder() {
        isInOrder = false;
        var longAgo = Samples.THEN.minusSeconds(3_600);
        kept.addAll(List.of(
                event(3, session.id(), longAgo),
                event(5, session.id(), Samples.THEN),
                event(7, session.id(), Samples.THEN),
                event(8, session.id(), Samples.THEN)));
        try (var subscription = feed.subscribe(record -> true, OptionalLong.of(7))) {
            assertEquals(List.of(5L, 8L), ids(subscription, 2));
            assertTrue(subscription.next(BRIEF).isEmpty());
            assertEquals(8, subscription.position());
        }
    }

    @Test
    void losesNothingOfAListenerThatIsCutBeforeItsFirstEvent() {
        happens(1);
        happens(2);
        try (var subscription = feed.subscribe(record -> true, OptionalLong.empty())) {
            assertEquals(2, subscription.position());
            IntStream.rangeClosed(3, 8).forEach(this::happens);
            awaitCut(subscription);
            assertTrue(subscription.next(BRIEF).isEmpty());
            try (var again = feed.subscribe(record -> true, OptionalLong.of(subscription.position()))) {
                assertEquals(List.of(3L, 4L, 5L, 6L, 7L, 8L), ids(again, 6));
            }
        }
    }

    /** Nobody may stay uncut who came before events were dropped. */
    @Test
    void cutsAlsoWhoComesWhileEventsAreDropped() {
        var late = new AtomicReference<Subscription>();
        beforeClear = () -> late.compareAndSet(null, feed.subscribe(record -> true, OptionalLong.empty()));
        try (var subscription = feed.subscribe(record -> true, OptionalLong.empty())) {
            isStoreAway = true;
            happens(1);
            awaitCut(subscription);
            awaitCut(late.get());
        }
    }

    private static void awaitCut(Subscription subscription) {
        var end = System.nanoTime() + SOON.toNanos();
        while (!subscription.isCut()) {
            assertTrue(System.nanoTime() < end, "not cut");
            Thread.onSpinWait();
        }
    }

    @Test
    void cutsAListenerThatIsTooSlowAndNoOther() {
        try (var slow = feed.subscribe(record -> true, OptionalLong.empty());
                var quick = feed.subscribe(record -> true, OptionalLong.empty())) {
            for (var i = 1; i <= 20; i++) {
                happens(i);
                assertEquals(List.of((long) i), ids(quick, 1));
            }
            assertTrue(slow.isCut());
            assertTrue(slow.next(BRIEF).isEmpty());
            assertFalse(quick.isCut());
        }
    }

    @Test
    void cutsListenersWhenTheStoreIsAway() {
        try (var subscription = feed.subscribe(record -> true, OptionalLong.empty())) {
            isStoreAway = true;
            happens(1);
            awaitCut(subscription);
            isStoreAway = false;
            try (var again = feed.subscribe(record -> true, OptionalLong.of(0))) {
                assertEquals(List.of(1L), ids(again, 1));
            }
        }
    }

    @Test
    void cutsEverybodyWhenItStops() {
        try (var subscription = feed.subscribe(record -> true, OptionalLong.empty())) {
            feed.stop();
            assertTrue(subscription.isCut());
        }
        try (var late = feed.subscribe(record -> true, OptionalLong.empty())) {
            assertTrue(late.isCut());
        }
    }

    private SessionStore sessions() {
        return (SessionStore) Proxy.newProxyInstance(
                SessionStore.class.getClassLoader(), new Class<?>[] {SessionStore.class}, (self, method, arguments) -> {
                    if (isStoreAway) {
                        throw new IllegalStateException("away");
                    }
                    return Map.of(session.id(), session);
                });
    }

    private OutboxStore outbox() {
        return (OutboxStore) Proxy.newProxyInstance(
                OutboxStore.class.getClassLoader(),
                new Class<?>[] {OutboxStore.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "isInOrder" -> isInOrder;
                    case "last" -> kept.isEmpty() ? 0L : kept.getLast().id();
                    default ->
                        kept.stream()
                                .filter(event -> event.id() > (long) arguments[0])
                                .limit((int) arguments[1])
                                .toList();
                });
    }
}
