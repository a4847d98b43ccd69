package io.slipway.manager.outbox;

import io.slipway.event.api.EventListener;
import io.slipway.event.api.Events;
import io.slipway.model.event.Event;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A bus that tells on the thread that publishes. */
final class DirectEvents implements Events {

    final List<EventListener> listeners = new CopyOnWriteArrayList<>();

    @Override
    public void publish(String topic, List<Event> events) {
        events.forEach(event -> listeners.forEach(listener -> listener.happened(event)));
    }

    @Override
    public Subscription subscribe(String topic, EventListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public Subscription join(String topic, String group, EventListener listener) {
        return subscribe(topic, listener);
    }
}
