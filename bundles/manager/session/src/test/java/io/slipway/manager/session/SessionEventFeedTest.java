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
import io.slipway.model.session.SessionStatus;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SessionEventFeedTest {

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration BRIEF = Duration.ofMillis(50);

    private final SessionRecord session = Samples.session(SessionStatus.RUNNING, KernelStatus.RUNNING);
    private final List<SessionEvent> kept = new CopyOnWriteArrayList<>();
    private volatile boolean isStoreAway;
    private final SessionEventFeed feed = new SessionEventFeed(sessions(), outbox(), 4);

    @BeforeEach
    void start() {
        feed.start();
    }

    @AfterEach
    void stop() {
        feed.stop();
    }

    private SessionEvent happens(long id) {
        var event = new SessionEvent(id, session.id(), null, "default", "RUNNING", "", Samples.THEN);
        kept.add(event);
        feed.happened(event);
        return event;
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
    void cutsListenersWhenTheStoreIsAway() throws Exception {
        try (var subscription = feed.subscribe(record -> true, OptionalLong.empty())) {
            isStoreAway = true;
            happens(1);
            var end = System.nanoTime() + SOON.toNanos();
            while (!subscription.isCut() && System.nanoTime() < end) {
                Thread.sleep(5);
            }
            assertTrue(subscription.isCut());
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
                (self, method, arguments) -> kept.stream()
                        .filter(event -> event.id() > (long) arguments[0])
                        .limit((int) arguments[1])
                        .toList());
    }
}
