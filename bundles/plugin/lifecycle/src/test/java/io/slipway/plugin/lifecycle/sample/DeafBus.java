package io.slipway.plugin.lifecycle.sample;

import io.slipway.event.spi.EventBus;
import io.slipway.event.spi.EventBusException;
import io.slipway.event.spi.EventReceiver;
import io.slipway.model.event.Event;
import io.slipway.plugin.api.HandedState;
import io.slipway.plugin.api.Promotable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A bus that gives everybody a place and takes no event. */
public final class DeafBus implements EventBus, Promotable {

    @Override
    public void publish(String topic, List<Event> events, Duration limit) throws EventBusException {
        throw new EventBusException("nobody at home");
    }

    @Override
    public Subscription subscribe(String topic, EventReceiver receiver) {
        return new Subscription() {
            @Override
            public void finish(Runnable whenEnded) {
                whenEnded.run();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public Subscription join(String topic, String group, EventReceiver receiver) {
        return subscribe(topic, receiver);
    }

    @Override
    public void promote(Optional<HandedState> state) {}

    @Override
    public Optional<HandedState> demote() {
        return Optional.empty();
    }

    @Override
    public List<String> stateToMove() {
        return List.of();
    }
}
