package io.slipway.event.access;

import io.slipway.event.spi.EventBus;
import io.slipway.event.spi.EventBusException;
import io.slipway.event.spi.EventReceiver;
import io.slipway.model.event.Event;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A bus that tells on the thread that publishes and can be broken. */
final class DirectBus implements EventBus {

    final List<EventReceiver> receivers = new CopyOnWriteArrayList<>();
    final AtomicInteger failures = new AtomicInteger();
    volatile boolean givesNoPlace;

    @Override
    public void publish(String topic, List<Event> events, Duration limit) throws EventBusException {
        receivers.forEach(receiver -> events.forEach(receiver::received));
        var left = failures.getAndUpdate(count -> Math.max(0, count - 1));
        if (left > 0 && left % 2 == 0) {
            throw new IllegalStateException("a bug on purpose");
        }
        if (left > 0) {
            throw new EventBusException("broken on purpose"); // after all were told: they hear it again
        }
    }

    @Override
    public Subscription subscribe(String topic, EventReceiver receiver) throws EventBusException {
        if (givesNoPlace) {
            throw new EventBusException("full");
        }
        receivers.add(receiver);
        return new Subscription() {
            @Override
            public void finish(Runnable whenEnded) {
                receivers.remove(receiver);
                whenEnded.run();
            }

            @Override
            public void close() {
                receivers.remove(receiver);
            }
        };
    }

    @Override
    public Subscription join(String topic, String group, EventReceiver receiver) throws EventBusException {
        return subscribe(topic, receiver);
    }

    void cutAll() {
        var cut = List.copyOf(receivers);
        receivers.clear();
        cut.forEach(receiver -> receiver.cut("too slow"));
    }
}
