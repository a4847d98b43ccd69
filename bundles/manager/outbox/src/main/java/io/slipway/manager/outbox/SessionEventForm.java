package io.slipway.manager.outbox;

import io.slipway.manager.store.SessionEvent;
import io.slipway.model.event.Event;
import io.slipway.model.session.SessionId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Objects;

/** How an event of a session goes over the bus; events of one session have one key, so that they keep their order. */
final class SessionEventForm {

    static final String TOPIC = "session";

    private SessionEventForm() {}

    static Event toBus(SessionEvent event) {
        var values = HashMap.<String, String>newHashMap(5);
        values.put("group", event.resourceGroup());
        values.put("status", event.status());
        values.put("reason", event.reason());
        values.put("nanos", Long.toString(ChronoUnit.NANOS.between(Instant.EPOCH, event.at())));
        if (event.kernel() != null) {
            values.put("kernel", event.kernel());
        }
        return new Event(Long.toString(event.id()), event.session().toString(), values);
    }

    static SessionEvent fromBus(Event event) {
        var values = event.values();
        return new SessionEvent(
                Long.parseLong(event.id()),
                SessionId.parse(event.key()),
                values.get("kernel"),
                value(event, "group"),
                value(event, "status"),
                value(event, "reason"),
                Instant.ofEpochSecond(0, Long.parseLong(value(event, "nanos"))));
    }

    private static String value(Event event, String name) {
        return Objects.requireNonNull(event.values().get(name), () -> "event " + event.id() + " has no " + name);
    }
}
