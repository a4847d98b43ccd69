package io.slipway.manager.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.store.SessionEvent;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.session.SessionId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** On a database that holds nothing else: claims are of all events there are. */
@ParameterizedClass
@MethodSource("io.slipway.manager.persistence.DatabaseKind#all")
class OutboxStoreTest {

    private static final int EVENTS = 40 * 11;

    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
    private static final Instant SOON = NOW.plusSeconds(30);

    private final Tenant tenant;
    private final JpaOutboxStore outbox;

    OutboxStoreTest(DatabaseKind kind) {
        var database = kind.emptied();
        this.tenant = Tenant.create(database);
        this.outbox = new JpaOutboxStore(database);
    }

    @Test
    void claimsPublishesAndPurgesInOrder() {
        tenant.running();
        var events = outbox.claim("a", NOW, SOON, 100);
        assertEquals(
                events.stream()
                        .sorted(java.util.Comparator.comparingLong(SessionEvent::id))
                        .toList(),
                events);
        assertEquals(9, events.size());
        assertEquals(tenant.name, events.getFirst().resourceGroup());
        outbox.published(ids(events.subList(0, 5)), NOW);
        assertEquals(events.subList(5, 9), outbox.claim("a", NOW, SOON, 100));
        outbox.published(ids(events), NOW.plusSeconds(1));
        assertEquals(List.of(), outbox.claim("a", NOW, SOON, 100));
        assertEquals(0, outbox.purge(NOW));
        assertEquals(5, outbox.purge(NOW.plusMillis(1)));
        assertEquals(4, outbox.purge(NOW.plusSeconds(2)));
    }

    @Test
    void givesBackWhatIsKept() {
        assertEquals(0, outbox.last());
        tenant.running();
        var events = outbox.claim("a", NOW, SOON, 100);
        outbox.published(ids(events.subList(0, 5)), NOW);
        assertEquals(events, outbox.keptAfter(events.getFirst().id() - 1, 1_000));
        assertEquals(events.subList(3, 5), outbox.keptAfter(events.get(2).id(), 2));
        assertEquals(List.of(), outbox.keptAfter(events.getLast().id(), 10));
        assertEquals(events.getLast().id(), outbox.last());
    }

    @Test
    void leavesOutSessionsThatAnotherHasClaimed() {
        var first = tenant.admit();
        var second = tenant.admit();
        var claimed = outbox.claim("a", NOW, SOON, 1);
        assertEquals(List.of(first.id()), sessions(claimed));
        tenant.moved(first, KernelStatus.CANCELLED);
        assertEquals(List.of(second.id()), sessions(outbox.claim("b", NOW, SOON, 100)));
        // published: what follows of the first session is free, what another holds of the second is not
        outbox.published(ids(claimed), NOW);
        assertEquals(List.of(first.id(), first.id()), sessions(outbox.claim("a", NOW, SOON, 100)));
    }

    @Test
    void aSessionBetweenTheClaimsOfTwoPublishersIsPublished() {
        var between = tenant.admit();
        var one = tenant.admit();
        var first = outbox.claim("b", NOW, SOON, 1);
        assertEquals(List.of(between.id()), sessions(first));
        between = tenant.schedule(between);
        tenant.moved(one, KernelStatus.CANCELLED);
        var around = outbox.claim("a", NOW, SOON, 100);
        assertEquals(Set.of(one.id()), Set.copyOf(sessions(around)));
        outbox.published(ids(first), NOW);
        var other = tenant.admit();
        between = tenant.moved(between, KernelStatus.PREPARING);
        tenant.moved(other, KernelStatus.CANCELLED);
        var aroundLater = outbox.claim("b", NOW, SOON, 100);
        assertEquals(Set.of(other.id()), Set.copyOf(sessions(aroundLater)));
        outbox.published(ids(around), NOW);
        outbox.published(ids(aroundLater), NOW);

        var rest = new ArrayList<>(outbox.claim("a", NOW, SOON, 100));
        rest.addAll(outbox.claim("b", NOW, SOON, 100));
        assertEquals(Set.of(between.id()), Set.copyOf(sessions(rest)));
    }

    @Test
    void aClaimEndsByItself() {
        tenant.admit();
        var events = outbox.claim("a", NOW, SOON, 100);
        assertEquals(List.of(), outbox.claim("b", SOON.minusMillis(1), SOON, 100));
        assertEquals(events, outbox.claim("b", SOON, SOON.plusSeconds(30), 100));
    }

    @Test
    void aPublisherThatForgotItsClaimGetsItAgain() {
        tenant.admit();
        assertEquals(outbox.claim("a", NOW, SOON, 100), outbox.claim("a", NOW, SOON, 100));
    }

    @Test
    void twoPublishersKeepTheOrderOfEachSessionUnderLoad() throws Exception {
        var isOver = new AtomicBoolean();
        var seen = Collections.synchronizedList(new ArrayList<SessionEvent>());
        var ended = new HashSet<SessionId>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var publishers = List.of("a", "b").stream()
                    .map(name -> threads.submit(() -> publish(name, isOver, seen)))
                    .toList();
            var lives = new ArrayList<Callable<SessionRecord>>();
            for (int i = 0; i < 40; i++) {
                lives.add(() -> tenant.moved(tenant.running(), KernelStatus.TERMINATED));
            }
            try {
                for (var life : threads.invokeAll(lives, 300, TimeUnit.SECONDS)) {
                    ended.add(life.get().id());
                }
            } finally {
                isOver.set(true);
            }
            for (var publisher : publishers) {
                assertTrue(publisher.get(330, TimeUnit.SECONDS) >= 0);
            }
        }
        assertEquals(EVENTS, seen.stream().map(SessionEvent::id).distinct().count());
        assertEquals(EVENTS, seen.size(), "no event was told twice");
        assertEquals(ended, new HashSet<>(sessions(seen)));
        Map<SessionId, Long> last = new HashMap<>();
        for (var event : seen) {
            var before = last.put(event.session(), event.id());
            assertFalse(before != null && before > event.id(), () -> event + " came after " + before);
        }
    }

    private int publish(String name, AtomicBoolean isOver, List<SessionEvent> seen) throws InterruptedException {
        var count = 0;
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(300);
        while (true) {
            // what lies within the last claim of a publisher that left would wait until that claim ends
            var mayEnd = (isOver.get() && seen.size() >= EVENTS) || System.nanoTime() - end > 0;
            var events = outbox.claim(name, NOW, SOON, 7);
            seen.addAll(events);
            outbox.published(ids(events), NOW);
            count += events.size();
            if (events.isEmpty() && mayEnd) {
                return count;
            }
            if (events.isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(2);
            }
        }
    }

    private static List<Long> ids(List<SessionEvent> events) {
        return events.stream().map(SessionEvent::id).toList();
    }

    private static List<SessionId> sessions(List<SessionEvent> events) {
        return events.stream().map(SessionEvent::session).toList();
    }
}
