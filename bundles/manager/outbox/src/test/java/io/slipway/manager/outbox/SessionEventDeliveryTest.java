package io.slipway.manager.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slipway.manager.api.SessionEventListener;
import io.slipway.manager.store.SessionEvent;
import io.slipway.model.session.SessionId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SessionEventDeliveryTest {

    private final InMemoryOutboxStore store = new InMemoryOutboxStore();
    private final List<SessionEvent> heard = new ArrayList<>();
    private final List<SessionEventListener> listeners = new ArrayList<>(List.of(heard::add));
    private final SessionEventDelivery delivery = new SessionEventDelivery(store, () -> listeners);

    private static SessionEvent event(long id, String kernel) {
        var session = new SessionId(new UUID(7, id));
        return new SessionEvent(
                id, session, kernel, "gpu", "TERMINATED", "user", Instant.parse("2026-02-03T04:05:06.123456Z"));
    }

    @Test
    void bringsEveryPartOfAnEventOverTheBus() {
        var sent = List.of(event(1, null), event(Long.MAX_VALUE, "a-kernel"));
        sent.forEach(event -> delivery.happened(SessionEventForm.toBus(event)));
        assertEquals(sent, heard);
    }

    @Test
    void throwingListenerDoesNotKeepEventsFromTheOthers() {
        listeners.addFirst(event -> {
            throw new IllegalStateException("broken on purpose");
        });
        delivery.happened(SessionEventForm.toBus(event(1, null)));
        assertEquals(1, heard.size());
    }

    @Test
    void tellsAgainWhatTheOutboxHasKeptAfterAGap() {
        delivery.missed("nothing heard yet");
        assertEquals(List.of(), heard);
        store.add(3_600);
        delivery.happened(SessionEventForm.toBus(event(2_500, null)));
        heard.clear();
        delivery.missed("too slow");
        assertEquals(
                store.ids().subList(500, 3_600),
                heard.stream().map(SessionEvent::id).toList());
    }
}
