package io.slipway.manager.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.store.SessionEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RelayTest {

    private Instant now = Instant.EPOCH;
    private final InMemoryOutboxStore store = new InMemoryOutboxStore();
    private final List<Long> heard = new ArrayList<>();
    private boolean isTargetAway;

    private Relay relay(String publisher) {
        var limits = new Relay.Limits(
                10, Duration.ofSeconds(15), Duration.ofHours(1), Duration.ofMinutes(1), Duration.ofSeconds(1));
        return new Relay(store, this::hear, () -> now, publisher, limits);
    }

    private void hear(List<SessionEvent> events) {
        if (isTargetAway) {
            throw new IllegalStateException("away on purpose");
        }
        events.forEach(event -> heard.add(event.id()));
    }

    private static void publishAll(Relay relay) {
        while (relay.publishBatch()) {
            // until there is none
        }
        relay.settle();
    }

    @Test
    void tellsEachEventOnceAndInOrder() {
        store.add(25);
        var relay = relay("a");
        assertTrue(relay.publishBatch());
        assertTrue(relay.publishBatch());
        assertEquals(10, store.publishedCount(), "marked with the next claim");
        assertTrue(relay.publishBatch());
        assertFalse(relay.publishBatch());
        assertEquals(25, store.publishedCount());
        assertFalse(relay.publishBatch());
        assertEquals(store.ids(), heard);
    }

    @Test
    void tellsAgainWhatADeadPublisherHadClaimed() {
        store.add(2);
        store.failNextPublished();
        var dead = relay("dead");
        assertTrue(dead.publishBatch());
        assertThrows(IllegalStateException.class, dead::settle);
        publishAll(relay("alive"));
        assertEquals(2, heard.size(), "claimed by the other for now");
        now = now.plusSeconds(16);
        publishAll(relay("alive"));
        assertEquals(4, heard.size());
        assertEquals(2, store.publishedCount());
    }

    @Test
    void marksLaterWhatTheStoreDidNotTakeAtOnce() {
        store.add(2);
        var relay = relay("a");
        assertTrue(relay.publishBatch());
        store.failNextPublished();
        assertThrows(IllegalStateException.class, relay::publishBatch);
        assertFalse(relay.publishBatch());
        assertEquals(2, heard.size(), "told once all the same");
        assertEquals(2, store.publishedCount());
    }

    @Test
    void purgesPublishedEventsAfterRetention() {
        store.add(5);
        var relay = relay("a");
        publishAll(relay);
        relay.purgeIfDue();
        assertEquals(5, store.ids().size());
        now = now.plus(Duration.ofMinutes(61));
        store.add(1);
        relay.purgeIfDue();
        assertEquals(List.of(6L), store.ids());
    }

    @Test
    void publishesWhatTheStoreGivesAndMarksMuchOfItTogether() {
        store.add(3);
        var relay = relay("a");
        relay.publish(store.events());
        relay.settleIfDue();
        assertEquals(store.ids(), heard);
        assertEquals(0, store.publishedCount());
        now = now.plusSeconds(1);
        relay.settleIfDue();
        assertEquals(3, store.publishedCount());
        store.add(1_000);
        relay.publish(store.events().subList(3, 1_003));
        relay.settleIfDue();
        assertEquals(1_003, store.publishedCount(), "at once if it is much");
        assertEquals(store.ids(), heard);
    }

    @Test
    void publishesOnceWhatComesBothWays() {
        store.add(5);
        var relay = relay("a");
        publishAll(relay);
        store.add(1);
        relay.publish(store.events());
        assertEquals(store.ids(), heard);
        publishAll(relay);
        assertEquals(store.ids(), heard);
        assertEquals(6, store.publishedCount());
    }

    @Test
    void publishesAgainFromTheStoreWhatTheTargetDidNotTake() {
        store.add(2);
        var relay = relay("a");
        isTargetAway = true;
        assertThrows(IllegalStateException.class, () -> relay.publish(store.events()));
        relay.settle();
        assertEquals(0, store.publishedCount());
        assertThrows(IllegalStateException.class, relay::publishBatch);
        isTargetAway = false;
        publishAll(relay);
        assertEquals(store.ids(), heard);
        assertEquals(2, store.publishedCount());
    }
}
